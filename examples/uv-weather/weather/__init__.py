"""Averages of weather stations."""
