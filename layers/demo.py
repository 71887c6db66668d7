"""The demonstration pack, loaded through the same door as any other file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from boundaries.ground import Ground
from boundaries.provenance import Source, read_sources
from layers.files import RawRow, RawTable, read_table
from layers.pack.crime_points import illustrative_months
from layers.pack.recipe import read_pack_recipe
from layers.registry import Registry
from layers.report import ImportReport
from layers.workspace import Intake, Workspace

PACK: Final = Path(__file__).with_name("data")
REGISTER_FILES: Final = (
    ("visits", "visits.csv"),
    ("sites", "sites.csv"),
    ("site_history", "site_history.csv"),
    ("sites", "projects.csv"),
    ("section_106", "section_106.csv"),
    ("estate_totals", "estate_totals.csv"),
    ("people_zones", "people_zones.csv"),
    ("street_safe", "street_safe.csv"),
)
NOTICES: Final[Mapping[str, list[str]]] = MappingProxyType(
    {
        "visits": [
            "The visits of the demonstration are a sample from public pages, not a log: where none "
            "was found there may have been one."
        ],
        "street_safe": [
            "Every Street Safe report of the demonstration is synthetic: made up, and real in its "
            "totals alone."
        ],
        "crime": [
            "The points of the demonstration are illustrative: drawn at random within each small "
            "area (LSOA) from its real monthly counts."
        ],
    }
)

CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "visits": "community visits",
        "sites": "police sites",
        "site_history": "what became of police sites",
        "projects": "capital projects",
        "section_106": "Section 106 items",
        "estate_totals": "totals of the estate published in papers",
        "people_zones": "the outlines of People Zones",
        "street_safe": "Street Safe reports",
        "crime_counts": "counts of recorded crime",
        "crime_points": "crime points",
        "published_totals": "totals published in papers",
    }
)
"""What a reader calls the parts of the pack."""

Progress = Callable[[str], None]


def pack_sources() -> tuple[Source, ...]:
    """Where everything in the pack comes from, and what is real, approximate or made up."""
    return read_sources(PACK / "sources.toml")


def is_demo(workspace: Workspace) -> bool:
    """Whether the pack was ever loaded into the workspace."""
    return set(NOTICES) <= set(workspace.notices)


def is_whole(workspace: Workspace) -> bool:
    """Whether every file of the pack was imported, so that a load once broken off goes on."""
    taken = {row["file"] for row in workspace.store.imports()}
    wanted = {name for _, name in REGISTER_FILES}
    wanted |= {_crime_file(month) for month in _crime_counts()["month"].unique()}
    return wanted <= taken


def banner_sentences(ground: Ground) -> list[str]:
    """What of the pack is real, a sample, approximate or made up; the first sentence in short."""
    named: dict[str, list[str]] = {}
    for source in pack_sources():
        named.setdefault(source.kind, []).append(CALLED.get(source.id, source.id))
    city = [ground.npa_name(code) for code in ground.npa_codes if code in ground.approximate_npas]
    if city:
        named.setdefault("approximate", []).append(f"the outlines of {', '.join(city)}")
    said = {
        "synthetic": "Synthetic, not real",
        "approximate": "Approximate",
        "sample": "A sample, not a log",
        "real": "Real, from public sources",
    }
    synthetic = " and ".join(named.get("synthetic", ["no records"]))
    return [f"This is the demonstration: {synthetic} are synthetic, some outlines approximate."] + [
        f"{words}: {', '.join(named[kind])}." for kind, words in said.items() if kind in named
    ]


def load_demo(
    workspace: Workspace, registry: Registry, intake: Intake, progress: Progress
) -> list[ImportReport]:
    """Import every file of the pack; a second time changes nothing."""
    reports = []
    workspace.add_notices(NOTICES)
    for taken_by, name in REGISTER_FILES:
        progress(f"Loading {name}")
        table = read_table(PACK / name)
        reports.append(registry.taker(taken_by)(table, workspace, intake))
    progress("Drawing illustrative crime points from the monthly counts")
    crime = registry.get("crime")
    for table in _crime_tables(workspace.ground):
        progress(f"Loading {table.file}")
        reports.append(crime.take(table, workspace, intake))
    return reports


def _crime_tables(ground: Ground) -> Iterator[RawTable]:
    counts = _crime_counts()
    areas = ground.small_areas["2011"]
    codes = ground.npas.latest_code_at(areas["easting_m"], areas["northing_m"])
    npa_of = dict(zip(areas["code"], codes, strict=True))

    def same_area(
        lsoa_codes: np.ndarray, easting_m: np.ndarray, northing_m: np.ndarray
    ) -> np.ndarray:
        home = np.array([npa_of[code] for code in lsoa_codes], dtype=object)
        return np.asarray(ground.npas.latest_code_at(easting_m, northing_m) == home, dtype=bool)

    months = illustrative_months(
        counts, areas, read_pack_recipe().seed, force_name=ground.force.name, same_area=same_area
    )
    for month, rows in months:
        header = tuple(rows.columns)
        records = rows.to_numpy(dtype=object)
        yield RawTable(
            file=_crime_file(month),
            header=header,
            rows=tuple(
                RawRow(number, dict(zip(header, cells, strict=True)))
                for number, cells in enumerate(records, start=2)
            ),
            has_geometry=False,
        )


def _crime_counts() -> pd.DataFrame:
    counts = pd.read_csv(PACK / "crime_counts.csv.gz", dtype=str, keep_default_na=False)
    return counts.assign(records=counts["records"].astype(int))


def _crime_file(month: str) -> str:
    return f"{month}-illustrative-street.csv"
