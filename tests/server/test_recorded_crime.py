"""The worked example of recorded crime says what the app answers."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.test_docs import builder


def test_tables_of_recorded_crime_are_those_of_the_app(public: FlaskClient) -> None:
    module = builder("build_recorded_crime")
    held = module.TARGET.read_text(encoding="utf-8")
    made = module.tables(public)
    assert all(table.count("\n") > 3 for table in made.values())
    assert module.with_tables(held, made) == held
    assert module.FUNNEL.read_bytes() == module.funnel(public)
