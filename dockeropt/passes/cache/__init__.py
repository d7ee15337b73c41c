"""Passes that make rebuilds faster."""
