"""Writes ``docs/layers.md`` from the layers themselves: ``python docs/build_reference.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from layers.protocol import Layer
from layers.registry import REGISTRY
from layers.schema import Field, Schema

TARGET: Final = Path(__file__).with_name("layers.md")

HEAD: Final = """# Layers: fields, parameters, addresses

Written from the code by `python docs/build_reference.py`; a test keeps the two equal.

Every layer answers at `/layers/<layer>` (a table), `/api/layers/<layer>.geojson` and
`/api/layers/<layer>.csv`, and is imported by `patchmap import <layer> FILE...`.
Parameters that all of them take: `from`, `to` (ISO date or month, both inclusive), `as_of`, `npa`
and `type` (repeatable), `bbox` (west,south,east,north in degrees). Any other is refused with a
sentence. For layers of dated records, `as_of` means: up to that day. For layers of standing
things, `from` and `to` mean: stood at some time between.

Positions come as the columns `longitude` and `latitude`, as `wkt`, or as GeoJSON geometry, all in
WGS84, and are kept to six decimals of a degree.
"""

REGISTERS_HEAD: Final = """
## Registers of the office

They are no layers: staff fill them in at `/visits/records` and `/estate/records`, and
`patchmap import <register> FILE...` and `patchmap export <register> FILE.csv` read and write them.
All of them are for staff; what the public sees of `issues_raised` and of the estate's registers is
in [rules.md](rules.md).
"""


def reference() -> str:
    """The whole page."""
    layers = "".join(_layer(layer) for layer in REGISTRY)
    return HEAD + layers + REGISTERS_HEAD + "".join(map(_register, REGISTRY.registers))


def _register(schema: Schema) -> str:
    lines = ["", f"### `{schema.part}`: {schema.plural}", "", *_schema(schema, audience="staff")]
    return "\n".join(lines) + "\n"


def _layer(layer: Layer) -> str:
    spec = layer.spec
    lines = [f"\n## `{spec.id}`: {spec.title}\n", spec.summary, ""]
    lines.append(f"Records are {'dated' if spec.time == 'dated' else 'standing'}. ")
    if spec.types:
        values = ", ".join(f"`{option.value}`" for option in spec.types)
        lines.append(f"Values of `type`: {values}.")
    for parameter in spec.own:
        values = ", ".join(f"`{option.value}`" for option in parameter.options)
        default = ", ".join(f"`{value}`" for value in parameter.public_default)
        lines.append(
            f"Own parameter `{parameter.name}` ({parameter.title.lower()}): {values}."
            + (f" To the public, unless asked: {default}." if default else "")
        )
    if spec.publication.params_refused:
        refused = " and ".join(f"`{name}`" for name in spec.publication.params_refused)
        lines.append(f"Refused to the public: {refused}.")
    for schema in spec.schemas:
        lines += ["", f"### Columns read for {schema.plural}", "", *_schema(schema)]
    computed = [field for field in spec.columns if field.computed]
    lines += ["", "### Columns computed", "", *_table(computed)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _schema(schema: Schema, audience: str = "") -> Iterator[str]:
    positions = {
        "none": "No position.",
        "point": "Position: a point, may be absent.",
        "point-required": "Position: a point, needed.",
        "polygon-required": "Position: a polygon, needed.",
    }
    ids = ", ".join(f"`{name}`" for name in schema.id_fields)
    yield positions[schema.position] + (f" Identified by {ids}." if ids else "")
    yield ""
    yield from _table(schema.stored, audience)


def _table(fields: tuple[Field, ...] | list[Field], everyone: str = "") -> Iterator[str]:
    yield "| column | meaning | kind | needed | values | also read as | audience |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for field in fields:
        values = ", ".join(f"`{value}`" for value in field.choices)
        if field.suggestions:
            values = "such as " + ", ".join(f"`{value}`" for value in field.suggestions)
        if field.default:
            values = f"{values}; else `{field.default}`".lstrip("; ")
        aliases = ", ".join(f"`{alias}`" for alias in field.aliases)
        audience = everyone or ("staff" if field.staff_only else "all")
        needed = "yes" if field.required else ""
        yield (
            f"| `{field.name}` | {field.title} | {field.kind} | {needed} | {values} | {aliases} | "
            f"{audience} |"
        )


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
