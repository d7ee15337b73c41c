"""Rewrite Dockerfiles into smaller, faster, safer ones, and say why each change may be trusted.

The names in ``__all__`` are the public API. Nothing is loaded before it is asked for, so
``import dockeropt`` costs next to nothing.
"""

__version__ = "0.1.0"
