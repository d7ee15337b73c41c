"""Passes that make images safer to run."""
