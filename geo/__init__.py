"""Spatial science: pure functions over frames and arrays. No files, no settings, no web."""
