"""Faces to other programs and formats, each loaded only when it is asked for."""
