"""Monthly records of the street-level files, counted by LSOA 2011 and type."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from boundaries.provenance import Source
from geo.dates import DateInterval
from layers.pack.recipe import CrimeRecipe, PackRecipe
from layers.pack.tables import PackFile, gzipped, read_rows, source_of

KEYS: Final = ("month", "lsoa11_code", "crime_type")
_COLUMNS: Final = {"Month": "month", "LSOA code": "lsoa11_code", "Crime type": "crime_type"}


def crime_counts_files(shared: Path, recipe: PackRecipe) -> tuple[PackFile, Source]:
    """``crime_counts.csv.gz``, and the source entry of the points that are drawn from it.

    Records without a location have an empty LSOA code. Records in an LSOA outside the force area
    are left out, and counted.
    """
    records = _records(shared, recipe.crime)
    lsoas = {
        row["lsoa11_code"]
        for row in read_rows(shared / "stats" / "population_mid2020_lsoa_2011.csv")
    }
    inside = records["lsoa11_code"].isin(lsoas | {""})
    counts = records[inside].groupby(list(KEYS), sort=True).size().rename("records").reset_index()
    figures = {
        "months": records["month"].nunique(),
        "records_in": len(records),
        "records_out": int(inside.sum()),
        "unlocated": int((records["lsoa11_code"] == "").sum()),
        "outside": int((~inside).sum()),
    }
    content = gzipped(counts.to_csv(index=False, lineterminator="\n").encode("utf-8"))
    source = source_of(recipe, "crime_counts", len(records), len(counts), **figures)
    drawn = source_of(
        recipe, "crime_points", figures["records_out"], figures["records_out"], **figures
    )
    return PackFile("crime_counts.csv.gz", content, source), drawn


def _records(shared: Path, crime: CrimeRecipe) -> pd.DataFrame:
    first, last = DateInterval.parse(crime.first_month), DateInterval.parse(crime.last_month)
    months = DateInterval(first.date_from, last.date_to).months()
    return pd.concat(
        [
            pd.read_csv(
                shared / crime.file.format(month=month),
                usecols=list(_COLUMNS),
                dtype=str,
                keep_default_na=False,
            )
            for month in months
        ],
        ignore_index=True,
    ).rename(columns=_COLUMNS)
