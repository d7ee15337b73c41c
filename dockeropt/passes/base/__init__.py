"""Passes about the image that a stage starts from."""
