"""Rebuilds what Patchmap ships of the ground, byte for byte the same each time.

``python -m boundaries.shipped SHARED_DATA_DIR OUT_DIR`` reads the publishers' files and the recipe
that we ship, and writes the outlines, the tables, ``sources.toml`` and ``ground.toml``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely

from boundaries.builder import TOLERANCE_M, build
from boundaries.errors import IncompleteBuild, InvalidRecipe
from boundaries.outlines import Outlines, read_outlines
from boundaries.provenance import Source, sources_as_toml
from boundaries.recipe import RECIPES, read_recipe
from boundaries.sets import COLUMNS, BoundarySet
from boundaries.shipped_tables import OGL, ONS, ONS_LINE, crown_copyright, shipped_tables
from geo.crs import geometries_to_degrees
from geo.errors import PatchmapError

_DETAIL: Final = f"Patchmap's own outlines, generalised at {TOLERANCE_M:g} m"


def rebuild(data: Path, out: Path) -> tuple[Source, ...]:
    """Write every shipped file of the ground into a folder.

    Args:
        data: the folder of the publishers' files.
        out: where to write; files of the same names are replaced.

    Raises:
        PatchmapError: an outline or the recipe cannot be used.
    """
    recipe_file = _shipped_recipe()
    outlines = read_outlines(data / "boundaries" / "ward_2025.geojson")
    built = build(read_recipe(recipe_file), outlines)
    if not built.report.complete:
        raise IncompleteBuild(
            f"Wards for every NPA of {recipe_file.name} are needed; {outlines.file_name} lacks "
            f"some.\n{built.report.as_text()}"
        )
    out.mkdir(parents=True, exist_ok=True)
    sources = []
    for areas in (built.npas, built.districts):
        _write(out / f"{areas.id}.geojson", _as_geojson(areas.display))
        sources.append(_outline_source(areas, outlines))
    for table in shipped_tables(data):
        text = table.frame.to_csv(index=False, lineterminator="\n")
        _write(out / f"{table.source.id}.csv", text)
        sources.append(table.source)
    _write(out / "sources.toml", sources_as_toml(sources))
    _write(out / "ground.toml", _about(recipe_file.name, built.npas, built.districts))
    return tuple(sources)


def _shipped_recipe() -> Path:
    recipes = sorted(RECIPES.glob("*.toml"))
    if len(recipes) != 1:
        raise InvalidRecipe(
            f"Exactly one recipe is shipped, in boundaries/{RECIPES.name}; found {len(recipes)}. "
            "Keep the others elsewhere."
        )
    return recipes[0]


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _as_geojson(frame: gpd.GeoDataFrame) -> str:
    """RFC 7946: WGS84 at 6 decimals, outer rings anticlockwise; one area a line."""
    features = ",\n".join(_features(frame))
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'


def _features(frame: gpd.GeoDataFrame) -> Iterator[str]:
    degrees = shapely.orient_polygons(geometries_to_degrees(frame.geometry.to_numpy()))
    for position, geometry in enumerate(degrees):
        row = frame.iloc[position]
        properties = {column: _as_json_value(row[column]) for column in COLUMNS[:-1]}
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": shapely.geometry.mapping(geometry),
        }
        yield json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _as_json_value(value: Any) -> str | bool | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else bool(value)


def _outline_source(areas: BoundarySet, outlines: Outlines) -> Source:
    approximate = bool(areas.frame["approximate"].any())
    note = (
        f"Dissolved from wards of 2025 (generalised at 20 m by the publisher) and generalised "
        f"again at {TOLERANCE_M:g} m as one coverage, so that neighbours keep their edge."
    )
    if approximate:
        named = ", ".join(areas.frame.loc[areas.frame["approximate"], "name"])
        note += (
            f" {named} are approximate: they follow wards, matched to police neighbourhoods by "
            "name, where the true outlines follow the neighbourhoods."
        )
    return Source(
        id=areas.id,
        title=areas.title,
        publisher=f"Patchmap, from outlines of the {ONS}",
        licence=OGL,
        attribution=(ONS_LINE, crown_copyright("2025")),
        vintage="wards of 2025",
        rows_in=len(outlines.frame),
        rows_out=len(areas.frame),
        kind="approximate" if approximate else "real",
        note=note,
    )


def _about(recipe: str, *sets: BoundarySet) -> str:
    lines = [f"recipe = {json.dumps(recipe)}", f"detail = {json.dumps(_DETAIL)}", "", "[titles]"]
    return "\n".join([*lines, *(f"{a.id} = {json.dumps(a.title)}" for a in sets)]) + "\n"


def main(arguments: list[str]) -> int:
    """Run the command; 0 when all was written, 2 when the input cannot be used."""
    if len(arguments) != 2:
        print(
            "Two folders are needed: python -m boundaries.shipped SHARED_DATA_DIR OUT_DIR",
            file=sys.stderr,
        )
        return 2
    data, out = map(Path, arguments)
    try:
        sources = rebuild(data, out)
    except (PatchmapError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    for source in sources:
        print(f"{source.id}: {source.rows_in} rows in, {source.rows_out} out")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
