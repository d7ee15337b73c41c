"""A library and its books."""
