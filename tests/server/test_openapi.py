"""The document of the API says what the API is: its addresses, parameters, answers and refusals."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from layers.audience import Audience
from layers.registry import REGISTRY
from layers.workspace import Workspace
from server.access import ENDPOINTS
from server.map_state import STATE_PARAMS
from server.openapi import current_scope
from server.openapi_parameters import Scope
from server.openapi_route import Operation
from server.openapi_routes import ROUTES, operations
from server.problems import PROBLEMS

DOCUMENT = "/api/openapi.json"
PROGRAMS = ("/api/", "/ground/", "/healthz")
STAFF_ONLY = (
    "/api/visits/briefing",
    "/api/visits/plan",
    "/api/estate/what-if",
    "/api/estate/siting",
    "/api/estate/scenarios",
    "/api/street-safe/statistics",
)
FORMATS = FormatChecker(("date",))


@pytest.fixture
def document(public: FlaskClient) -> dict[str, Any]:
    return dict(public.get(DOCUMENT).get_json())


@pytest.fixture
def staff_document(staff: FlaskClient) -> dict[str, Any]:
    return dict(staff.get(DOCUMENT).get_json())


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft202012Validator(schema, format_checker=FORMATS)


def scope_of(app: Flask, whose: str = "public") -> Scope:
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        return replace(current_scope(), audience=Audience(whose))


def found_operations(app: Flask, whose: str = "public") -> tuple[Operation, ...]:
    return operations(scope_of(app, whose))


def parameters(document: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    shared = document["components"]["parameters"]
    given = document["paths"][path]["get"]["parameters"]
    resolved = (shared[item["$ref"].rpartition("/")[2]] if "$ref" in item else item
                for item in given)  # fmt: skip
    return {item["name"]: item for item in resolved}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("whose", ["document", "staff_document"])
def test_the_document_is_openapi(request: pytest.FixtureRequest, whose: str) -> None:
    document = request.getfixturevalue(whose)
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


def test_the_validator_would_find_a_mistake(document: dict[str, Any]) -> None:
    document["paths"]["/api/layers"]["get"]["responses"] = {"fine": {}}
    assert not OpenAPIV31SpecValidator(document).is_valid()


def test_the_table_has_every_rule_of_the_app_and_no_other(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PROGRAMS)}
    assert {route.rule for route in ROUTES} == rules
    assert len(ROUTES) == len(rules)


@pytest.mark.parametrize("whose", ["public", "staff"])
def test_every_path_of_the_document_leads_to_its_rule(
    app: Flask, request: pytest.FixtureRequest, whose: str
) -> None:
    document = request.getfixturevalue(whose).get(DOCUMENT).get_json()
    by_path = {operation.path: operation for operation in found_operations(app, whose)}
    assert set(by_path) == set(document["paths"])
    matcher = app.url_map.bind("127.0.0.1")
    for path, operation in by_path.items():
        rule, _ = matcher.match(path.format(**scope_of(app).middle), return_rule=True)
        assert rule.rule == operation.route.rule


def test_every_layer_has_addresses_of_its_own(document: dict[str, Any]) -> None:
    for layer in REGISTRY.ids:
        for ending in (".geojson", ".csv"):
            assert f"/api/layers/{layer}{ending}" in document["paths"]


@pytest.mark.parametrize("whose", ["public", "staff"])
def test_every_address_answers_as_its_schema_says(
    app: Flask, request: pytest.FixtureRequest, whose: str
) -> None:
    client = request.getfixturevalue(whose)
    document = client.get(DOCUMENT).get_json()
    asked = 0
    for operation in found_operations(app, whose):
        answer = client.get(operation.example)
        assert answer.status_code == 200, operation.example
        assert answer.mimetype == operation.route.media_type, operation.example
        content = document["paths"][operation.path]["get"]["responses"]["200"]["content"]
        assert list(content) == [answer.mimetype]
        if "json" in answer.mimetype:
            validator(document, operation.schema).validate(answer.get_json())
            asked += 1
    assert asked >= len(REGISTRY.ids) + 3


@pytest.mark.parametrize("whose", ["public", "staff"])
@pytest.mark.parametrize("layer", REGISTRY.ids)
def test_all_records_are_as_the_schemas_say(
    request: pytest.FixtureRequest, whose: str, layer: str
) -> None:
    client = request.getfixturevalue(whose)
    document = client.get(DOCUMENT).get_json()
    query = "as_of=2022-10" if layer in ("crime", "street_safe") else "from=2000&to=2030"
    collection = client.get(f"/api/layers/{layer}.geojson?{query}").get_json()
    assert collection["features"]
    validator(document, f"{layer}_features").validate(collection)
    rows = document["components"]["schemas"][f"{layer}_rows"]
    columns = [item["name"] for item in rows["x-columns"]]
    text = client.get(f"/api/layers/{layer}.csv?{query}").get_data(as_text=True)
    header = next(csv.reader(io.StringIO(text)))
    assert header == [name for name in columns if name in header]
    position = {"longitude", "latitude", "wkt"} & set(header)
    assert position in ({"longitude", "latitude"}, {"wkt"})
    assert set(collection["features"][0]["properties"]) == set(header) - position


def test_a_schema_refuses_what_an_answer_is_not(public: FlaskClient, document) -> None:
    collection = public.get("/api/layers/visits.geojson?limit=1").get_json()
    wrong = validator(document, "visits_features")
    (feature,) = collection["features"]
    properties = feature["properties"]
    for mistake in (
        {"visibility": "public"},
        {"date": "May"},
        {"npa_approximate": "yes"},
        {"visit_type": "banquet"},
    ):
        spoilt = feature | {"properties": properties | mistake}
        assert not wrong.is_valid(collection | {"features": [spoilt]}), mistake
    del properties["npa_code"]
    assert not wrong.is_valid(collection)


@pytest.mark.parametrize("ending", [".csv", ".geojson", "/figures"])
def test_the_parameters_are_those_that_the_layer_names(
    public: FlaskClient, document, ending: str
) -> None:
    for layer in REGISTRY:
        path = f"/api/layers/{layer.spec.id}{ending}"
        said = public.get(f"{path}?quokka=1").get_json()["detail"]
        known = re.search(r"asked for by (.+); given", said)[1].split(", ")
        refused = [
            name
            for name in known
            if "published as fixed counts" in public.get(f"{path}?{name}=1").get_data(as_text=True)
        ]
        without_types = [] if layer.spec.types else ["type"]
        expected = set(known) - set(refused) - set(without_types)
        parts = {"limit", "offset"} if ending == ".geojson" else set()
        assert set(parameters(document, path)) == expected | parts, path


def test_cells_take_what_does_not_split_them(app: Flask, public: FlaskClient, document) -> None:
    whole = set(parameters(document, "/api/layers/crime.csv"))
    for path, own in (
        ("/api/layers/crime/cells/{cell_id}", {"cell_id"}),
        ("/api/layers/crime/tiles/{z}/{x}/{y}.mvt", {"z", "x", "y", "v"}),
    ):
        assert set(parameters(document, path)) == (whole - {"by"}) | own
        asked = path.format(**scope_of(app).middle)
        assert public.get(f"{asked}?by=month").status_code == 400
        assert public.get(f"{asked}?type=burglary&npa=outside").status_code == 200


def test_every_value_that_is_listed_is_taken(public: FlaskClient, document) -> None:
    tried = 0
    for path in document["paths"]:
        if not path.endswith(".csv"):
            continue
        for name, parameter in parameters(document, path).items():
            schema = parameter["schema"].get("items", parameter["schema"])
            for value in schema.get("enum", ())[:3]:
                answer = public.get(f"{path}?{name}={value}")
                assert answer.status_code == 200, f"{path}?{name}={value}"
                tried += 1
    assert tried > 30


def test_the_public_is_not_told_what_is_for_staff(document, staff_document) -> None:
    said, told = set(texts(document)), set(texts(staff_document))
    for name in ("visibility", "report_id", "concerns", "not_reported_reason", "being-followed"):
        assert name in told
        assert name not in said
    for name in ("type", "bbox"):
        path = "/api/layers/street_safe.geojson"
        assert name in parameters(staff_document, path)
        assert name not in parameters(document, path)


def test_each_address_says_who_may_ask_for_it(app: Flask, document, staff_document) -> None:
    """As the table of access has it; what is for staff is in the document of staff alone."""
    rules = {rule.rule: rule.endpoint for rule in app.url_map.iter_rules()}
    for route in ROUTES:
        assert ENDPOINTS[rules[route.rule]] is route.audience, route.rule
    for operation in found_operations(app, "staff"):
        said = staff_document["paths"][operation.path]["get"]
        for_staff = operation.route.audience is Audience.STAFF
        assert said["x-audience"] == operation.route.audience
        assert said.get("security", []) == ([{"staff": []}] if for_staff else [])
        assert ("403" in said["responses"]) is for_staff
        assert (operation.path in document["paths"]) is not for_staff
    scheme = staff_document["components"]["securitySchemes"]["staff"]
    assert (scheme["in"], scheme["name"]) == ("cookie", app.config["SESSION_COOKIE_NAME"])
    assert "securitySchemes" not in document["components"]
    assert not {"briefing", "plan"} & set(document["components"]["schemas"])


def test_what_is_for_staff_is_refused_to_the_public_as_the_document_says(
    app: Flask, public: FlaskClient, staff_document
) -> None:
    refused = [one for one in found_operations(app, "staff") if one.route.audience == "staff"]
    for begins in STAFF_ONLY:
        assert any(one.path.startswith(begins) for one in refused)
    assert all(one.path.startswith(STAFF_ONLY) for one in refused)
    for operation in refused:
        answer = public.get(operation.example)
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
        validator(staff_document, "problem").validate(answer.get_json())


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/visits/briefing", "give its name by place"),
        ("/api/visits/briefing?place=Nowhere+at+all", "must be the whole name of a place"),
        ("/api/visits/briefing?place=Oakham&npa=NR", "can be asked for by place and date"),
        ("/api/visits/plan?days=0", "days must be a whole number from 1"),
        ("/api/visits/plan?quokka=1", "The planner can be asked for by"),
    ],
)
def test_what_staff_cannot_ask_for_is_a_problem_in_words(
    staff: FlaskClient, address: str, says: str
) -> None:
    answer = staff.get(address)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert says in answer.get_json()["detail"]


def test_the_document_is_not_sent_again_unchanged(public: FlaskClient, staff: FlaskClient) -> None:
    mark = public.get(DOCUMENT).headers["ETag"]
    again = public.get(DOCUMENT, headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert staff.get(DOCUMENT, headers={"If-None-Match": mark}).status_code == 200


@pytest.mark.parametrize("whose", ["public", "staff"])
def test_the_page_has_every_path_parameter_value_and_field(
    request: pytest.FixtureRequest, app: Flask, read_page, whose: str
) -> None:
    client = request.getfixturevalue(whose)
    document = client.get(DOCUMENT).get_json()
    html = client.get("/api").get_data(as_text=True)
    for route in ROUTES:
        mine = whose == "staff" or route.audience is Audience.PUBLIC
        assert (f"GET {route.path}<" in html) is mine
    assert ("For staff alone." in html) is (whose == "staff")
    for path in document["paths"]:
        for name, parameter in parameters(document, path).items():
            assert f"<code>{name}</code>" in html or parameter["in"] == "path"
            schema = parameter["schema"].get("items", parameter["schema"])
            for value in schema.get("enum", ()):
                assert f"<code>{value}</code>" in html
    for schema in document["components"]["schemas"].values():
        for column in schema.get("x-columns", ()):
            assert column["name"] in html or column["name"] in ("longitude", "latitude", "wkt")
    links = read_page(html).links()
    for operation in found_operations(app, whose):
        assert operation.example in links
    for problem in PROBLEMS:
        assert problem.address in links
    assert (">visibility<" in html) is (whose == "staff")


def test_an_empty_workspace_has_the_same_api(tmp_path, make_app, document) -> None:
    workspace = Workspace.open(tmp_path, REGISTRY.schemas)
    client = make_app(workspace).test_client()
    empty = client.get(DOCUMENT).get_json()
    assert set(empty["paths"]) == set(document["paths"])
    for layer in REGISTRY.ids:
        collection = client.get(f"/api/layers/{layer}.geojson").get_json()
        validator(empty, f"{layer}_features").validate(collection)
    workspace.close()


@pytest.mark.parametrize("layer", ["visits", "crime"])
def test_rows_come_in_parts_that_make_the_whole(public: FlaskClient, layer: str) -> None:
    path = f"/api/layers/{layer}.geojson"
    whole = public.get(f"{path}?from=2021-05&to=2022-06").get_json()
    assert "links" not in whole
    total = whole["numberMatched"]
    assert whole["numberReturned"] == total == len(whole["features"]) > 7
    size = -(-total // 4)
    address, features, steps = f"{path}?from=2021-05&to=2022-06&limit={size}", [], 0
    while address:
        part = public.get(address).get_json()
        assert part["numberMatched"] == total
        assert part["numberReturned"] == len(part["features"]) <= size
        assert part["caption"] == whole["caption"]
        features += part["features"]
        links = {link["rel"]: link["href"] for link in part["links"]}
        assert public.get(links["self"]).get_json() == part
        assert ("prev" in links) is (steps > 0)
        if steps:
            assert (
                public.get(links["prev"]).get_json()["features"]
                == features[(steps - 1) * size : steps * size]
            )
        address, steps = links.get("next", ""), steps + 1
    assert steps == 4
    assert features == whole["features"]


@pytest.mark.parametrize(
    ("query", "rows", "links"),
    [
        ("limit=10000", 95, {"self"}),
        ("offset=90", 5, {"self"}),
        ("limit=10&offset=90", 5, {"self", "prev"}),
        ("limit=10&offset=95", 0, {"self", "prev"}),
        ("limit=10&offset=5000", 0, {"self", "prev"}),
        ("limit=95", 95, {"self"}),
        ("limit=94", 94, {"self", "next"}),
        ("limit=&offset=", 95, set()),
    ],
)
def test_the_edges_of_parts(public: FlaskClient, query: str, rows: int, links: set[str]) -> None:
    asked = f"/api/layers/visits.geojson?from=2000&to=2030&{query}"
    collection = public.get(asked).get_json()
    assert (collection["numberMatched"], collection["numberReturned"]) == (95, rows)
    assert {link["rel"] for link in collection.get("links", ())} == links
    for link in collection.get("links", ()):
        if link["rel"] == "prev":
            assert public.get(link["href"]).get_json()["numberReturned"] == 10


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=10001", "limit=-1", "limit=ten", "limit=1.5", "limit=1&limit=2",
     "offset=-1", "offset=x", "limit=%C2%B2", "offset=99999999999999999999"],
)  # fmt: skip
def test_a_part_that_cannot_be_is_refused(public: FlaskClient, query: str) -> None:
    answer = public.get(f"/api/layers/visits.geojson?{query}")
    assert answer.status_code == 400
    assert "must be one whole number" in answer.get_json()["detail"]
    assert public.get(f"/api/layers/visits.csv?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/api/estate/coverage", "/api/estate/what-if", "/api/estate/siting", "/api/crime/hot-spots"],
)
def test_what_a_page_with_a_map_asks_by_is_no_part_of_the_state_of_its_map(
    staff_document: dict[str, Any], path: str
) -> None:
    """One name would be read as both: a page that asks by ``measure`` has no map."""
    asked = {
        parameter["name"]
        for parameter in staff_document["paths"][path]["get"]["parameters"]
        if "name" in parameter
    }
    assert len(asked) > 3
    assert not asked & set(STATE_PARAMS)
