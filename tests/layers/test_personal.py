"""What looks like a person is found in a text, and what only resembles it is not."""

from __future__ import annotations

import time

import pytest

from layers.personal import looks_personal


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to jo.b+x@mail.example.org.", {"an email address": "jo.b+x@mail.example.org"}),
        ("on (0116) 496 0123", {"a telephone number": "0116) 496 0123"}),
        ("ring 07700900123", {"a telephone number": "07700900123"}),
        ("ring +44 7700 900123.", {"a telephone number": "+44 7700 900123"}),
        ("MR SMITH and mrs O'Neill", {"a title with a name": "MR SMITH"}),
        ("Miss Lee, jo@a.uk", {"an email address": "jo@a.uk", "a title with a name": "Miss Lee"}),
    ],
)
def test_each_kind_is_found(text: str, found: dict[str, str]) -> None:
    assert dict(looks_personal(text)) == found


@pytest.mark.parametrize("piece", ["x", "x.", "0", "0 ", "+44 ", "a@", "Mr ", "a@a.", "(", "-"])
def test_a_long_text_is_looked_through_at_once(piece: str) -> None:
    started = time.process_time()
    looks_personal(piece * 200_000)
    assert time.process_time() - started < 5, "a time that grows with the square takes minutes"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "On 2025-03-12 at 10:30, 14 of 200",
        "Crime reference 20000123456",
        "the dr was late",
        "They miss the bus @ the market",
        "Drugs in Drayton, Mirror Lane",
        "incident 01234 of 2025",
    ],
)
def test_ordinary_words_are_not(text: str) -> None:
    assert looks_personal(text) == ()
