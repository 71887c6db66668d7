"""What is drawn from the API's own document, right or wrong, is answered as the document says."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
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
from server.app import create_app
from server.openapi_parameters import Scope
from server.openapi_routes import operations
from server.settings import Settings

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
    middle={"cell_id": "", "z": "", "x": "", "y": ""},
)
OPERATIONS = operations(WITHOUT_GROUND)
PATHS = [operation.path for operation in OPERATIONS]
TAKING = [operation.path for operation in OPERATIONS if operation.parameters]


@pytest.fixture(scope="module")
def documented(demo: Workspace) -> Any:
    """The API of an app over the demonstration, as its document says it."""
    app = create_app(Settings(demo.path), demo, lambda: datetime(2026, 11, 22, 9, 0))
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def statuses(documented: Any, path: str, mode: GenerationMode, examples: int) -> Counter[int]:
    """How requests drawn for a path were answered, each as the document says."""
    counted: Counter[int] = Counter()

    @settings(SEEDED, max_examples=examples)
    @given(case=documented[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(answer, checks=CHECKS)
        counted[answer.status_code] += 1

    ask()
    return counted


@pytest.mark.parametrize("path", PATHS)
def test_what_the_document_allows_is_answered_as_it_says(documented: Any, path: str) -> None:
    counted = statuses(documented, path, GenerationMode.POSITIVE, 12)
    assert counted[200] or "{z}" in path, "few tiles drawn by chance are on the ground"
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
