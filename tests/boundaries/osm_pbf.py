"""OpenStreetMap XML written as PBF, as the extracts of a country come."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from geo.protobuf import field, varint

PER_DEGREE = 10_000_000


def signed(number: int) -> bytes:
    """A whole number of any sign (zigzag)."""
    return varint(2 * number if number >= 0 else -2 * number - 1)


def number(place: int, value: bytes) -> bytes:
    """A whole number as a field."""
    return varint(place << 3) + value


def blob(kind: str, message: bytes) -> bytes:
    """A block of a file with its head."""
    body = field(1, message)
    head = field(1, kind.encode()) + number(3, varint(len(body)))
    return struct.pack(">I", len(head)) + head + body


def write_pbf(xml: Path, target: Path) -> Path:
    """Write the nodes and ways of a file of XML, in its order."""
    root = ElementTree.parse(xml).getroot()
    texts = [""]

    def index(text: str) -> bytes:
        if text not in texts:
            texts.append(text)
        return varint(texts.index(text))

    nodes = b"".join(
        field(
            1,
            number(1, signed(int(node.attrib["id"])))
            + number(8, signed(round(float(node.attrib["lat"]) * PER_DEGREE)))
            + number(9, signed(round(float(node.attrib["lon"]) * PER_DEGREE))),
        )
        for node in root.iter("node")
    )
    ways = b""
    for way in root.iter("way"):
        refs = [0, *(int(ref.attrib["ref"]) for ref in way.iter("nd"))]
        keys, values = (b"".join(index(tag.attrib[of]) for tag in way.iter("tag")) for of in "kv")
        steps = b"".join(signed(after - before) for before, after in pairwise(refs))
        parts = field(2, keys) + field(3, values) + field(8, steps)
        ways += field(3, number(1, varint(int(way.attrib["id"]))) + parts)
    table = field(1, b"".join(field(1, text.encode()) for text in texts))
    target.write_bytes(
        blob("OSMHeader", field(4, b"OsmSchema-V0.6"))
        + blob("OSMData", table + field(2, nodes) + field(2, ways))
    )
    return target
