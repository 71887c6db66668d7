"""Errors on purpose: each message says what was needed, what was given and what to do."""


class PatchmapError(Exception):
    """Base of every error that Patchmap raises on purpose; its text is fit to be shown."""


class InvalidValue(PatchmapError, ValueError):
    """A value lies outside what the function or field accepts."""


class InvalidFrame(PatchmapError, ValueError):
    """A frame lacks a column, a geometry or a coordinate reference system that was needed."""


class InvalidDate(InvalidValue):
    """A text is not a date, a month or a year that can be read without guessing."""


class InvalidPeriod(InvalidValue):
    """A period ends before it begins."""
