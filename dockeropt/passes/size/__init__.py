"""Passes that make images smaller."""
