"""Passes about looks; none of them runs unless it is asked for."""
