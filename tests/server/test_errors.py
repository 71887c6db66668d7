"""Every refusal says what was needed and what was given; no failure tells of the inside."""

from __future__ import annotations

import logging
import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from layers.audience import Audience
from layers.errors import BadQuery, DamagedWorkspace
from layers.registry import REGISTRY
from server import access, page_context
from server.problems import LONGEST_QUERY, PROBLEMS
from server.requests import MAP_PAGES
from server.usable import params_of, usable_part

MAPS = [f"/maps/{spec.page}" for spec in MAP_PAGES]
ADDRESSES = [
    "/",
    "/about-the-data",
    "/accessibility",
    "/api",
    "/api/openapi.json",
    "/problems/bad-query",
    "/healthz",
    "/api/layers",
    "/ground/npas.geojson",
    *MAPS,
    *(f"{path}/map.js" for path in MAPS),
    *(f"/layers/{layer}" for layer in REGISTRY.ids),
    *(f"/api/layers/{layer}.{ending}" for layer in REGISTRY.ids for ending in ("csv", "geojson")),
]


PROGRAMS = ("/api/", "/ground/", "/healthz")
MEMBERS = {"type", "title", "status", "detail", "instance"}


def sentence_of(answer) -> str:
    if answer.request.path.startswith(PROGRAMS):
        assert answer.mimetype == "application/problem+json"
        problem = answer.get_json()
        assert problem["status"] == answer.status_code
        assert set(problem) == MEMBERS | ({"error_number"} if answer.status_code >= 500 else set())
        return str(problem["detail"])
    assert answer.mimetype == "text/html"
    html = str(answer.get_data(as_text=True))
    assert "<title>Error: " in html
    return html


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


@pytest.mark.parametrize(
    ("path", "accept", "for_programs"),
    [
        ("/maps/nowhere", "", False),
        ("/maps/nowhere", "*/*", False),
        ("/maps/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("/maps/nowhere", "text/html,application/json", False),
        ("/maps/nowhere", "application/json", True),
        ("/maps/nowhere", "application/problem+json", True),
        ("/maps/nowhere", "text/html;q=0.5,application/json", True),
        ("/api/nowhere", "text/html", True),
        ("/ground/nowhere.geojson", "text/html", True),
        ("/api?quokka=1", "text/html", False),
    ],
)
def test_people_get_a_page_and_programs_a_problem(
    public: FlaskClient, path: str, accept: str, for_programs: bool
) -> None:
    answer = public.get(path, headers={"Accept": accept} if accept else {})
    expected = "application/problem+json" if for_programs else "text/html"
    assert answer.mimetype == expected
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("asked", "instance"),
    [
        ("/api/layers/visits.csv?npa=QQ&type=", "/api/layers/visits.csv?npa=QQ&type="),
        ("/api/nowhere", "/api/nowhere"),
        ("/api/caf%C3%A9?x=%20%22", "/api/caf%C3%A9?x=%20%22"),
        ('/api/layers?<"é>', "/api/layers?%3C%22%C3%A9%3E"),
    ],
)
def test_a_problem_says_what_was_asked(public: FlaskClient, asked: str, instance: str) -> None:
    problem = public.get(asked).get_json()
    assert problem["instance"] == instance
    assert re.fullmatch(r"[!-~]+", problem["instance"])


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_every_kind_of_problem_has_a_page(public: FlaskClient, read_page, problem) -> None:
    answer = public.get(problem.address)
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert read_page(html).heading == problem.title
    assert str(problem.status) in html
    assert "<title>Error" not in html
    assert [p.status for p in PROBLEMS].count(problem.status) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/layers/visits.csv?npa=QQ", 400),
        ("GET", "/api/layers/nothing.csv", 404),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/layers", 405),
        ("GET", f"/api/layers?{'x' * (LONGEST_QUERY + 1)}", 414),
    ],
)
def test_a_problem_is_of_the_kind_of_its_status(
    public: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = public.open(path, method=method)
    assert answer.status_code == status
    (kind,) = (problem for problem in PROBLEMS if problem.status == status)
    said = answer.get_json()
    assert (said["type"], said["title"]) == (kind.address, kind.title)


def test_a_status_without_a_kind_says_so(app, public: FlaskClient) -> None:
    @app.before_request
    def busy() -> None:
        from flask import abort

        abort(429)

    said = public.get("/api/layers").get_json()
    assert (said["type"], said["title"], said["status"]) == (
        "about:blank",
        "Too Many Requests",
        429,
    )
    page = public.get("/maps/visits")
    assert page.status_code == 429
    assert "about:blank" not in page.get_data(as_text=True)


def test_a_long_address_is_refused_before_it_is_read(public: FlaskClient) -> None:
    allowed = public.get(f"/maps/visits?npa={'N' * (LONGEST_QUERY - 4)}")
    assert allowed.status_code == 400
    answer = public.get(f"/maps/visits?npa={'N' * (LONGEST_QUERY - 3)}")
    assert answer.status_code == 414
    assert f"given {LONGEST_QUERY + 1:,}" in sentence_of(answer)


def test_what_can_be_done_instead_is_said(public: FlaskClient, read_page) -> None:
    missing = read_page(sentence_of(public.get("/nowhere")))
    assert {"/", "/api", "/about-the-data", *MAPS} <= set(missing.links())
    assert ("input", "q") in {(tag, attrs.get("name")) for tag, attrs in missing.tags}
    refused = sentence_of(public.get("/leave-staff"))
    assert "staff link" in refused
    wrong_way = sentence_of(public.post("/maps/visits"))
    assert "This address is for GET, HEAD, OPTIONS; given POST." in wrong_way


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_a_failure_has_a_number_that_is_in_the_log(
    app, public: FlaskClient, monkeypatch, caplog, path: str
) -> None:
    def broken() -> str:
        raise RuntimeError("inside story")

    app.add_url_rule(path, "broken", broken)
    monkeypatch.setattr(access, "ENDPOINTS", {**access.ENDPOINTS, "broken": Audience.PUBLIC})
    with caplog.at_level(logging.ERROR):
        answers = [public.get(path) for _ in range(2)]
    numbers = [re.search(r"\b[0-9a-f]{8}\b", answer.get_data(as_text=True))[0]
               for answer in answers]  # fmt: skip
    assert numbers[0] != numbers[1]
    for number in numbers:
        assert f"Error {number}: inside story" in caplog.text


def test_data_that_cannot_be_read_says_what_to_run(app, public: FlaskClient, monkeypatch) -> None:
    def broken() -> str:
        raise DamagedWorkspace("inside story")

    app.add_url_rule("/broken", "broken", broken)
    monkeypatch.setattr(access, "ENDPOINTS", {**access.ENDPOINTS, "broken": Audience.PUBLIC})
    assert "patchmap check" in public.get("/broken").get_data(as_text=True)


def test_where_no_page_can_be_made_a_bare_one_is(
    public: FlaskClient, monkeypatch, caplog, read_page
) -> None:
    def gone() -> list[str]:
        raise DamagedWorkspace("inside story")

    monkeypatch.setattr(page_context, "attributions", gone)
    for path, status in (("/about-the-data", 503), ("/nowhere", 404)):
        with caplog.at_level(logging.ERROR):
            answer = public.get(path)
        assert answer.status_code == status
        html = sentence_of(answer)
        assert "inside story" not in html
        assert read_page(html).heading
    assert "inside story" in caplog.text


@pytest.mark.parametrize("path", ["/nowhere", "/api/nowhere", "/maps/visits?npa=QQ"])
def test_a_look_at_the_head_has_no_body(public: FlaskClient, path: str) -> None:
    answer, whole = public.head(path), public.get(path)
    assert (answer.status_code, answer.data) == (whole.status_code, b"")
    assert answer.mimetype == whole.mimetype


@pytest.mark.parametrize("path", ["/", "/api/layers", "/maps/visits"])
def test_what_an_address_allows_can_be_asked(public: FlaskClient, path: str) -> None:
    answer = public.options(path)
    assert answer.status_code == 200
    assert set(re.split(r",\s*", answer.headers["Allow"])) == {"GET", "HEAD", "OPTIONS"}


def controls(page) -> tuple[dict[str, list[str]], dict[str, str]]:
    """What the form of a page would send, and the hidden values among it."""
    sent: dict[str, list[str]] = {}
    hidden = {}
    for tag, attrs in page.tags:
        if tag != "input" or attrs.get("name") == "q":
            continue
        if attrs.get("type") == "hidden":
            hidden[attrs["name"]] = attrs["value"]
        if attrs.get("type") != "checkbox" or "checked" in attrs:
            sent.setdefault(attrs["name"], []).append(attrs["value"])
    return sent, hidden


def test_a_refused_form_keeps_all_that_can_be_used(public: FlaskClient, read_page) -> None:
    html = sentence_of(
        public.get(
            "/maps/visits?from=yesterday&to=2022-05&npa=NR&npa=QQ&npa=NA&type=surgery&quokka=1"
            "&bbox=-2,52,-0.5,53&view=9/52.7/-1.1"
        )
    )
    page = read_page(html)
    sent, hidden = controls(page)
    assert set(sent["npa"]) == {"NR", "NA"}
    assert sent["type"] == ["surgery"]
    assert sent["to"] == ["2022-05-31"]
    assert sent["from"] == [""]
    assert hidden == {"bbox": "-2,52,-0.5,53", "view": "9/52.7/-1.1"}
    for said in ("yesterday", "QQ", "quokka"):
        assert f"given &#39;{said}&#39;" in html
    ways_on = [link for link in page.links() if link.startswith("/maps/visits?")]
    assert ["bbox=" in way for way in ways_on] == [True, False]
    for way in ways_on:
        assert public.get(way).status_code == 200
        assert "npa=NR&npa=NA&type=surgery" in way
    assert {"#filter-from", "#filter-npa"} <= set(page.links())
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert {link[1:] for link in page.links() if link.startswith("#filter-")} <= ids
    described = {attrs["name"]: attrs["aria-describedby"]
                 for tag, attrs in page.tags if attrs.get("aria-invalid") == "true"}  # fmt: skip
    assert described == {"from": "filter-from-error"}
    assert "filter-from-error" in ids


def test_dates_that_exclude_each_other_stay_in_the_form(public: FlaskClient, read_page) -> None:
    html = sentence_of(public.get("/maps/visits?from=2022-05-03&to=2021-02"))
    sent, _ = controls(read_page(html))
    assert (sent["from"], sent["to"]) == (["2022-05-03"], ["2021-02-28"])
    assert "must end on or after the day it begins" in html


@pytest.mark.parametrize("path", [*MAPS, *(f"/layers/{layer}" for layer in REGISTRY.ids), "/"])
def test_the_way_on_from_a_refusal_works(public: FlaskClient, read_page, path: str) -> None:
    page = read_page(sentence_of(public.get(f"{path}?quokka=1&npa=NR&to=2022-05&from=x")))
    ways = [link for link in page.links() if link.startswith(f"{path}?")]
    assert ways
    for way in ways:
        assert "npa=NR" in way
        assert "to=2022-05" in way
        assert public.get(way).status_code == 200
    if path != "/":
        sent, _ = controls(page)
        assert sent["npa"] == ["NR"]


def test_a_page_of_a_table_that_is_not_there_is_named(public: FlaskClient, read_page) -> None:
    page = read_page(sentence_of(public.get("/layers/visits?page=zero&npa=NR")))
    assert "/layers/visits?npa=NR" in page.links()


def test_an_address_of_very_many_values_is_answered(public: FlaskClient) -> None:
    many = "&".join(f"x{number}={number}" for number in range(700))
    answer = public.get(f"/maps/visits?{many}&npa=NR")
    assert answer.status_code == 400
    assert "x0" in sentence_of(answer)


NAMES = ("from", "to", "as_of", "npa", "type", "other")


def picky(params: dict[str, list[str]]) -> None:
    """Takes two letters of each name, not `as_of` beside a period, and dates in order."""
    for name, values in params.items():
        if name == "other" or len(values) > 2 or any(value > "f" for value in values):
            raise BadQuery(f"{name}: it cannot be used")
    if "as_of" in params and ("from" in params or "to" in params):
        raise BadQuery("not for both")
    for first, last in pairwise([max(params.get(name, ["f"])) for name in ("from", "to")]):
        if first > last:
            raise BadQuery("not in order")


PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("abcdefgh")), max_size=12)


@given(PAIRS)
@example([("from", "a"), ("from", "b"), ("to", "a"), ("to", "b"), ("from", "c"), ("npa", "a")])
@example([("from", "a"), ("from", "b"), ("from", "a"), ("from", "a"), ("to", "a"), ("to", "b")])
def test_what_is_kept_is_usable_and_what_is_left_out_is_not(pairs: list[tuple[str, str]]) -> None:
    usable, refusals = usable_part(pairs, picky)
    picky(params_of(usable))
    assert {*usable, *((item.name, item.value) for item in refusals)} == set(pairs)
    for item in refusals:
        assert item.why
        assert not item.why.startswith(f"{item.name}: ")
        with pytest.raises(BadQuery):
            picky(params_of([*usable, (item.name, item.value)]))


@given(PAIRS)
def test_nothing_is_refused_of_what_can_be_used(pairs: list[tuple[str, str]]) -> None:
    try:
        picky(params_of(pairs))
    except BadQuery:
        return
    assert not usable_part(pairs, picky)[1]


def test_the_statement_says_how_to_reach_the_office(demo, clock) -> None:
    from server.app import create_app
    from server.settings import Settings

    for contact in ("", "The office, 0116 496 0000 <a@b.example>"):
        app = create_app(Settings(demo.path, contact=contact), demo, clock)
        html = app.test_client().get("/accessibility").get_data(as_text=True)
        assert ("0116 496 0000 &lt;a@b.example&gt;" in html) is bool(contact)
        assert ("PATCHMAP_CONTACT" in html) is not bool(contact)
        assert "(No. 2) Accessibility Regulations 2018" in html
