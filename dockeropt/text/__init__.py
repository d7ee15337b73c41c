"""Positions, spans and edits over plain text; knows nothing about Docker."""

from dockeropt.text.edit import Edit, EditConflict, apply_edits
from dockeropt.text.source import Position, Source
from dockeropt.text.span import Span
from dockeropt.text.textmap import TextMap

__all__ = ["Edit", "EditConflict", "Position", "Source", "Span", "TextMap", "apply_edits"]
