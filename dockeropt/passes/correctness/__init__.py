"""Passes that make a file do what it says."""
