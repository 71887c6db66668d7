"""Who is looking."""

from enum import StrEnum


class Audience(StrEnum):
    """The public sees what may be published; staff see what the workspace holds."""

    PUBLIC = "public"
    STAFF = "staff"
