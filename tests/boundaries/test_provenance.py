from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from boundaries.errors import InvalidSources
from boundaries.provenance import Source, read_sources, sources_as_toml

SOURCE = Source(
    id="wards",
    title='Wards "as drawn"',
    publisher="Office of Maps",
    licence="Open",
    attribution=("© Somebody 2025", "Line two\\n"),
    vintage="2025",
    rows_in=3,
    rows_out=2,
    kind="real",
    note="One row had no shape.\nIt was left out.",
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    sources = (SOURCE, replace(SOURCE, id="NA", kind="synthetic", attribution=()))
    path.write_text(sources_as_toml(sources), encoding="utf-8")
    assert read_sources(path) == sources


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("rows_in = 3", 'rows_in = "3"', "rows_in: '3'"),
        ("rows_in = 3", "rows_in = -3", "rows_in: -3"),
        ("rows_in = 3", "rows_in = true", "rows_in: True"),
        ('kind = "real"', 'kind = "invented"', "kind: 'invented'"),
        ('vintage = "2025"', "vintage = 2025", "vintage: 2025"),
        ('vintage = "2025"\n', "", "missing or unknown: vintage"),
        ('vintage = "2025"', 'vintage = "2025"\ncolour = "red"', "missing or unknown: colour"),
        ("[[source]]", "[[source", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_a_reason(
    tmp_path: Path, before: str, after: str, reason: str
) -> None:
    path = tmp_path / "sources.toml"
    text = sources_as_toml([SOURCE])
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(InvalidSources, match=reason):
        read_sources(path)


def test_an_id_may_come_once(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(sources_as_toml([SOURCE, SOURCE]), encoding="utf-8")
    with pytest.raises(InvalidSources, match="given twice: wards"):
        read_sources(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSources, match=r"none\.toml"):
        read_sources(tmp_path / "none.toml")
