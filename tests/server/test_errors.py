"""Every refusal says what was needed and what was given; no failure tells of the inside."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient

from layers.audience import Audience
from layers.errors import DamagedWorkspace
from layers.registry import REGISTRY
from server import access
from server.requests import MAP_PAGES

MAPS = [f"/maps/{spec.page}" for spec in MAP_PAGES]
ADDRESSES = [
    "/",
    "/about-the-data",
    "/healthz",
    "/api/layers",
    "/ground/npas.geojson",
    *MAPS,
    *(f"{path}/map.js" for path in MAPS),
    *(f"/layers/{layer}" for layer in REGISTRY.ids),
    *(f"/api/layers/{layer}.{ending}" for layer in REGISTRY.ids for ending in ("csv", "geojson")),
]


def sentence_of(answer) -> str:
    if answer.request.path.startswith(("/api/", "/ground/")):
        assert answer.mimetype == "application/problem+json"
        problem = answer.get_json()
        assert problem["status"] == answer.status_code
        assert set(problem) == {"title", "status", "detail"}
        return str(problem["detail"])
    assert answer.mimetype == "text/html"
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_unknown_parameter_is_refused_by_name(public: FlaskClient, path: str) -> None:
    answer = public.get(f"{path}?quokka=1")
    assert answer.status_code == 400
    assert "quokka" in sentence_of(answer)


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "to=2022-13", "from=2023-01&to=2022-01", "npa=QQ", "from=2020&from=2021",
     "to=%00", "from=%ff", "npa=NA,NH"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/maps/visits", "/maps/all", "/maps/all/map.js",
                                  "/layers/crime", "/api/layers/street_safe.csv",
                                  "/api/layers/sites.geojson"])  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused(public: FlaskClient, path: str, query: str) -> None:
    answer = public.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert "given" in sentence_of(answer) or "before" in sentence_of(answer)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/layers/visits.csv?bbox=1,2,3", "west,south,east,north"),
        ("/api/layers/visits.csv?bbox=-1,52,nan,53", "west,south,east,north"),
        ("/api/layers/visits.csv?type=banquet", "type must be one of"),
        ("/api/layers/visits.csv?as_of=2022-01&from=2021", "not for both"),
        ("/api/layers/crime.csv?cell_m=100", "cell_m must be one of"),
        ("/api/layers/crime.csv?cell_m=500&cell_m=1000", "given 2 times"),
        ("/api/layers/street_safe.csv?type=badly-lit", "cannot be filtered by type"),
        ("/api/layers/street_safe.geojson?bbox=-1.2,52,-1,53", "cannot be filtered by bbox"),
        ("/layers/npas?type=x", "type must be one of"),
        ("/maps/all?type=crime", "can be asked for by"),
    ],
)
def test_the_sentence_says_what_is_needed(public: FlaskClient, path: str, said: str) -> None:
    answer = public.get(path)
    assert answer.status_code == 400
    assert said in sentence_of(answer)


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/maps/nowhere", "/layers/nowhere", "/api/nowhere", "/api/layers/nowhere.csv",
     "/api/layers/visits.xml", "/ground/nowhere.geojson", "/static/nowhere.js",
     "/static/../server/cli.py", "/maps/nowhere/map.js"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(public: FlaskClient, path: str) -> None:
    answer = public.get(path)
    assert answer.status_code == 404
    assert sentence_of(answer)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/maps/visits", "/api/layers", "/leave-staff"])
def test_nothing_can_be_changed_by_a_request(public: FlaskClient, path: str, method: str) -> None:
    answer = public.open(path, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert sentence_of(answer)


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError("inside story"), 500), (DamagedWorkspace("inside story"), 503)],
)
@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_a_failure_tells_the_log_and_not_the_reader(
    app, public: FlaskClient, monkeypatch, caplog, path: str, error: Exception, status: int
) -> None:
    def broken() -> str:
        raise error

    app.add_url_rule(path, "broken", broken)
    monkeypatch.setattr(access, "ENDPOINTS", {**access.ENDPOINTS, "broken": Audience.PUBLIC})
    with caplog.at_level(logging.ERROR):
        answer = public.get(path)
    assert answer.status_code == status
    said = sentence_of(answer)
    for secret in ("inside story", "Traceback", "RuntimeError", ".py"):
        assert secret not in said
    assert "inside story" in caplog.text


def test_blank_values_count_as_not_given(public: FlaskClient) -> None:
    for path in ("/maps/visits", "/maps/all", "/layers/crime"):
        blank = public.get(f"{path}?from=&to=&npa=")
        assert blank.status_code == 200
