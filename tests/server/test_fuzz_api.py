"""What is drawn from the API's own document, right or wrong, is answered as the document says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from layers.audience import Audience
from layers.registry import REGISTRY
from layers.workspace import Workspace
from server.access import SESSION_COOKIE, StaffLink
from server.app import create_app
from server.openapi_parameters import Scope
from server.openapi_routes import operations
from server.settings import Settings
from tests.server.conftest import Browser

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SEEDED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
WITHOUT_GROUND = Scope(
    tuple(layer.spec for layer in REGISTRY),
    npa_names={},
    audience=Audience.PUBLIC,
    middle={"cell_id": "", "z": "", "x": "", "y": "", "place": ""},
)
OPERATIONS = operations(WITHOUT_GROUND)
PATHS = [operation.path for operation in OPERATIONS]
RARELY_FOUND = ("{z}", "/nearest")
"""Few tiles drawn by chance are on the ground, and few texts are the name of a place."""
TAKING = [operation.path for operation in OPERATIONS if operation.parameters]


@pytest.fixture(scope="module")
def documented(demo: Workspace) -> Any:
    """The API of an app over the demonstration, as its document says it."""
    app = create_app(Settings(demo.path), demo, lambda: datetime(2026, 11, 22, 9, 0))
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.fixture(scope="module")
def for_staff(demo: Workspace) -> tuple[Any, dict[str, str]]:
    """The API as the document of staff says it, and the cookie that makes a request theirs."""
    link = StaffLink()
    app = create_app(Settings(demo.path), demo, lambda: datetime(2026, 11, 22, 9, 0), link)
    browser = Browser(app)
    browser.get(f"/staff/{link.token}")
    cookie = browser.get_cookie(SESSION_COOKIE, domain="127.0.0.1")
    documented = schemathesis.openapi.from_dict(browser.get("/api/openapi.json").get_json())
    documented.app = app
    return documented, {SESSION_COOKIE: cookie.value}


def statuses(
    documented: Any,
    path: str,
    mode: GenerationMode,
    examples: int,
    cookies: Mapping[str, str] = MappingProxyType({}),
) -> Counter[int]:
    """How requests drawn for a path were answered, each as the document says."""
    counted: Counter[int] = Counter()

    @settings(SEEDED, max_examples=examples)
    @given(case=documented[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Accept-Encoding": "identity"}, cookies=dict(cookies))
        case.validate_response(answer, checks=CHECKS)
        counted[answer.status_code] += 1

    ask()
    return counted


@pytest.mark.parametrize("path", PATHS)
def test_what_the_document_allows_is_answered_as_it_says(documented: Any, path: str) -> None:
    counted = statuses(documented, path, GenerationMode.POSITIVE, 12)
    assert counted[200] or any(part in path for part in RARELY_FOUND)
    assert set(counted) <= {200, 400, 404}


@pytest.mark.parametrize("path", TAKING)
def test_what_the_document_does_not_allow_is_refused(documented: Any, path: str) -> None:
    counted = statuses(documented, path, GenerationMode.NEGATIVE, 8)
    assert counted[400] + counted[404] > counted[200]
    assert set(counted) <= {200, 400, 404}


@pytest.mark.parametrize("path", PATHS)
def test_a_parameter_that_is_not_documented_is_refused(documented: Any, path: str) -> None:
    operation = documented[path]["GET"]
    names = [parameter.name for parameter in operation.path_parameters]
    middle = {"z": 0, "x": 0, "y": 0, "cell_id": "h1000_q0_r0"}
    case = operation.Case(
        path_parameters={name: middle[name] for name in names}, query={"quokka": "1"}
    )
    answer = case.call(headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 400
    assert "'quokka'" in answer.json()["detail"]
    case.validate_response(answer, checks=CHECKS)


def test_what_staff_may_not_ask_for_is_refused_as_their_document_says(
    for_staff: tuple[Any, dict[str, str]],
) -> None:
    documented, cookie = for_staff
    counted = statuses(documented, "/api/visits/briefing", GenerationMode.NEGATIVE, 6, cookie)
    assert counted[400] > counted[200]
    assert set(counted) <= {200, 400}


def test_what_staff_may_ask_of_a_briefing_is_answered_as_their_document_says(
    for_staff: tuple[Any, dict[str, str]],
) -> None:
    """Few names drawn by chance are those of a place, so that most are refused with a sentence."""
    documented, cookie = for_staff
    path = "/api/visits/briefing"
    assert set(statuses(documented, path, GenerationMode.POSITIVE, 12, cookie)) <= {200, 400}
    case = documented[path]["GET"].Case(query={"place": "Oakham", "date": "2024-10-01"})
    answer = case.call(headers={"Accept-Encoding": "identity"}, cookies=cookie)
    assert answer.status_code == 200
    case.validate_response(answer, checks=CHECKS)
    assert case.call(headers={"Accept-Encoding": "identity"}).status_code == 403
