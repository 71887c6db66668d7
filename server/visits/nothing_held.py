"""The pages on visits while no visit is held: what is missing, and how it comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request


def nothing_held(title: str, filters: Sequence[Mapping[str, Any]]) -> str:
    """A page with its form and without figures: none would be true before a visit is held."""
    return render_template("nothing_held.html", title=title, filters=filters, action=request.path)
