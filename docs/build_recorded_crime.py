"""Writes what ``docs/recorded-crime.md`` shows: ``python docs/build_recorded_crime.py``.

They come from the answers of the app to the demonstration, whose counts of recorded crime are real.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flask.testing import FlaskClient

from geo.rates import change
from layers.demo import load_demo
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.app import create_app
from server.crime.asked import KINDS
from server.crime.rates_words import change_in_words
from server.settings import Settings

TARGET: Final = Path(__file__).with_name("recorded-crime.md")
FUNNEL: Final = TARGET.parent / "images" / "recorded-crime-funnel.svg"
ASKED: Final = "from=2022-01&to=2022-10"
ASB: Final = "anti-social-behaviour"
CRIMES: Final = "crime"
FIRST: Final = (CRIMES, ASB)
TYPE_COLUMNS: Final = (
    *("Type", "2021", "2022", "Change, with limits"),
    *("Areas with more", "Fewer", "Not clear"),
)


def tables(client: FlaskClient) -> dict[str, str]:
    """Each table of the page by its name, as Markdown."""
    by_type = {kind: _areas(client, kind, "npa") for kind in KINDS}
    return {
        "areas": _by_area(by_type[CRIMES]),
        "types": _table(
            TYPE_COLUMNS,
            [_type(KINDS[kind], by_type[kind]) for kind in KINDS if kind not in FIRST],
        ),
        "asb": _by_area(by_type[ASB]),
        "small": _table(
            ("Of small areas (LSOA)", "More", "Fewer", "No clear change", "None in either"),
            [_small(KINDS[kind], _areas(client, kind, "lsoa")) for kind in FIRST],
        ),
    }


def funnel(client: FlaskClient) -> bytes:
    """The funnel plot of all crimes by area, as SVG."""
    return bytes(client.get(f"/crime/rates/funnel.svg?{ASKED}").data)


def with_tables(text: str, made: Mapping[str, str]) -> str:
    """The page with each table between its two marks."""
    for name, table in made.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}{table}{end}{after}"
    return text


def _areas(client: FlaskClient, kind: str, by: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/crime/rates?{ASKED}&type={kind}&by={by}").get_json()
    areas: list[dict[str, Any]] = answer["areas"]
    return areas


def _by_area(areas: Sequence[Mapping[str, Any]]) -> str:
    columns = ("Area", "2021", "2022", "For 1,000 residents in 2022", "Change, with limits")
    rows = [
        (
            area["name"],
            f"{area['before']:,}",
            f"{area['after']:,}",
            f"{area['rate']:.1f}",
            change_in_words(change(area["before"], area["after"])),
        )
        for area in areas
    ]
    residents = sum(area["residents"] for area in areas)
    before, after = _totals(areas)
    total = (
        *("All areas", f"{before:,}", f"{after:,}", f"{1000 * after / residents:.1f}"),
        change_in_words(change(before, after)),
    )
    return _table(columns, [*rows, total])


def _type(name: str, areas: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    before, after = _totals(areas)
    verdicts = Counter(area["verdict"] for area in areas)
    said = (verdicts[each] for each in ("more", "fewer", "no clear change"))
    words = change_in_words(change(before, after))
    return (name, f"{before:,}", f"{after:,}", words, *map(str, said))


def _small(name: str, areas: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    verdicts = Counter(area["verdict"] for area in areas)
    counts = (verdicts[each] for each in ("more", "fewer", "no clear change", "none"))
    return name, *map(str, counts)


def _totals(areas: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    return sum(area["before"] for area in areas), sum(area["after"] for area in areas)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(_lines(columns, rows))


def _lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (columns, ["---"] * len(columns), *rows):
        yield f"| {' | '.join(row)} |\n"


def main() -> None:
    """Ask a demonstration of its own, and write the page anew."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Path(folder) / "workspace", REGISTRY.schemas)
        load_demo(workspace, REGISTRY, Intake(datetime.now()), print)
        client = create_app(Settings(workspace.path), workspace).test_client()
        TARGET.write_text(
            with_tables(TARGET.read_text(encoding="utf-8"), tables(client)), encoding="utf-8"
        )
        FUNNEL.write_bytes(funnel(client))
        workspace.close()


if __name__ == "__main__":
    main()
