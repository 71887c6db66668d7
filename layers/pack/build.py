"""All files of the pack, in the order in which their sources are listed."""

from __future__ import annotations

from pathlib import Path

from boundaries.provenance import sources_as_toml
from layers.pack.context import context_files
from layers.pack.crime_counts import crime_counts_files
from layers.pack.estate import estate_totals_file, section_106_file, site_history_file
from layers.pack.recipe import PackRecipe, read_pack_recipe
from layers.pack.sites import projects_file, sites_file
from layers.pack.street_safe import street_safe_file
from layers.pack.visits import visits_file
from layers.pack.zones import people_zones_file


def build_pack(shared: Path, recipe: PackRecipe | None = None) -> dict[str, bytes]:
    """The pack's files by name, ``sources.toml`` among them, from the folder of public data."""
    recipe = recipe or read_pack_recipe()
    crime_counts, crime_points = crime_counts_files(shared, recipe)
    files = [
        visits_file(shared, recipe),
        sites_file(shared, recipe),
        site_history_file(shared, recipe),
        projects_file(shared, recipe),
        section_106_file(shared, recipe),
        estate_totals_file(shared, recipe),
        people_zones_file(shared, recipe),
        street_safe_file(shared, recipe),
        crime_counts,
        *context_files(shared, recipe),
    ]
    sources = [file.source for file in files]
    sources.insert(files.index(crime_counts) + 1, crime_points)
    return {
        **{file.name: file.content for file in files},
        "sources.toml": sources_as_toml(sources).encode("utf-8"),
    }


def write_pack(shared: Path, out: Path) -> dict[str, bytes]:
    """Build the pack and write its files into ``out``, which is made if it is missing."""
    files = build_pack(shared)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return files
