"""Reading files: nothing is guessed, and what cannot be read says so in a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from layers.errors import UnreadableFile
from layers.files import read_table


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def features(*members: str, crs: str = "") -> str:
    return f'{{"type": "FeatureCollection"{crs}, "features": [{", ".join(members)}]}}'


def feature(properties: str, geometry: str = '{"type": "Point", "coordinates": [-1.1, 52.6]}'):
    return f'{{"type": "Feature", "properties": {properties}, "geometry": {geometry}}}'


@pytest.mark.parametrize("text", ["NA", "null", "nan", "None", "007", "1e5", "TRUE", "N/A"])
@pytest.mark.parametrize("ending", ["csv", "csv.gz", "geojson", "json"])
def test_text_that_readers_guess_at_stays_as_it_is(tmp_path: Path, ending: str, text: str):
    content: str | bytes = f"npa_code,place\n{text},Oadby\n"
    if ending == "csv.gz":
        content = gzip.compress(content.encode())  # type: ignore[union-attr]
    elif ending.endswith("json"):
        content = features(feature(f'{{"npa_code": "{text}", "place": "Oadby"}}'))
    table = read_table(written(tmp_path, f"a.{ending}", content))
    assert table.header == ("npa_code", "place")
    assert [row.cells for row in table.rows] == [{"npa_code": text, "place": "Oadby"}]


def test_null_is_empty_and_other_json_values_are_text(tmp_path: Path):
    content = features(feature('{"a": null, "b": true, "c": 1.5, "d": ["x", "NA"], "e": 12}'))
    (row,) = read_table(written(tmp_path, "a.geojson", content)).rows
    assert row.cells == {"a": "", "b": "true", "c": "1.5", "d": "x; NA", "e": "12"}


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path):
    table = read_table(written(tmp_path, "a.csv", b"\xef\xbb\xbf npa_code ,b\r\nNA,1\r\n"))
    assert table.header == ("npa_code", "b")
    assert table.rows[0].cells["npa_code"] == "NA"


def test_ragged_rows_are_faults_and_every_row_keeps_its_number(tmp_path: Path):
    content = 'a,b\n1,2\n\n3\n"4\nand a line",5\n6,7,8\n'
    rows = read_table(written(tmp_path, "a.csv", content)).rows
    assert [(row.number, bool(row.fault)) for row in rows] == [
        (2, False),
        (4, True),
        (5, False),
        (6, True),
    ]
    assert rows[1].fault == "The row has 1 cells where the header has 2."
    assert rows[2].cells["a"] == "4\nand a line"


def test_a_cell_may_hold_a_long_outline(tmp_path: Path):
    table = read_table(written(tmp_path, "a.csv", f"wkt\n{'1' * 300_000}\n"))
    assert len(table.rows[0].cells["wkt"]) == 300_000


def test_features_are_numbered_from_one_and_need_no_geometry(tmp_path: Path):
    bare = '{"type": "Feature", "properties": {"a": "x"}}'
    rows = read_table(
        written(tmp_path, "a.geojson", features(feature('{"a": "y"}'), bare, '"nothing"'))
    ).rows
    assert [row.number for row in rows] == [1, 2, 3]
    assert (rows[0].geometry.x, rows[1].geometry, rows[1].fault) == (-1.1, None, "")
    assert rows[2].fault == "A feature with properties is needed."


@pytest.mark.parametrize(
    "geometry",
    [
        '{"type": "Point", "coordinates": [1]}',
        '{"type": "Point", "coordinates": ["a", "b"]}',
        '{"type": "Point"}',
        '{"type": "Polygon", "coordinates": [[[1, 2]]]}',
        '{"type": "LineString", "coordinates": [[1, 2]]}',
        '{"type": "GeometryCollection", "geometries": [null]}',
        '{"type": "Blob", "coordinates": []}',
        '{"type": 1}',
        '"here"',
        "[1]",
    ],
)
def test_a_geometry_that_is_none_is_a_fault_of_its_row(tmp_path: Path, geometry: str):
    (row,) = read_table(written(tmp_path, "a.json", features(feature("{}", geometry)))).rows
    assert row.fault == "The geometry cannot be read as GeoJSON."


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"]
)
def test_a_named_wgs84_is_read(tmp_path: Path, name: str):
    crs = f', "crs": {{"type": "name", "properties": {{"name": "{name}"}}}}'
    assert read_table(written(tmp_path, "a.json", features(feature("{}"), crs=crs))).has_geometry


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", features(crs=', "crs": {"properties": {"name": "EPSG::27700"}}'), "in WGS84"),
        ("a.json", features(crs=', "crs": "somewhere"'), "FeatureCollection is needed"),
        ("a.json", features(crs=', "crs": {"properties": null}'), "FeatureCollection is needed"),
        ("a.json", '{"type": "FeatureCollection"}', "FeatureCollection is needed"),
        ("a.json", '{"type": "FeatureCollection", "features": {}}', "it has another type"),
        ("a.json", feature("{}"), "FeatureCollection is needed"),
        ("a.json", "[1]", "FeatureCollection is needed"),
        ("a.json", "{", "FeatureCollection is needed"),
        ("a.csv", "", "is empty"),
        ("a.csv", "a,b,a\n1,2,3\n", "repeats ['a']"),
        ("a.csv", "a\nCaf\u00e9\n".encode("cp1252"), "has another encoding (byte 5)"),
        ("a.csv.gz", b"a,b\n", "cannot be read"),
        ("a.csv.gz", gzip.compress(b"a,b\n" * 99, mtime=0)[:-9], "cannot be read"),
        ("a.csv.gz", gzip.compress(b"a,b\n" * 99, mtime=0)[:10] + b"\xff" * 20, "cannot be read"),
        ("a.xlsx", b"PK", "given a.xlsx"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(
    tmp_path: Path, name: str, content: str | bytes, said: str
):
    with pytest.raises(UnreadableFile) as refusal:
        read_table(written(tmp_path, name, content))
    assert said in str(refusal.value)
    assert "a." in str(refusal.value), "the file is named"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="there is none at"):
        read_table(tmp_path / "a.csv")
