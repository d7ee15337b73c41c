"""Proof by real builds: build an image before and after, and say what really changed."""
