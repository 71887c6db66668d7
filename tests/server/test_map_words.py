"""The form and the words of a map page: what stands is said, and nothing given is lost."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from layers.registry import REGISTRY

ALL = "/maps/all"


def dates_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(from|to)" type="date" value="([^"]*)"', html))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("from=2021-01&to=2025-12", ("2021-01-01", "2025-12-31")),
        ("from=2021&to=2022", ("2021-01-01", "2022-12-31")),
        ("from=2021-02-03&to=2024-02", ("2021-02-03", "2024-02-29")),
        ("from=2021-02", ("2021-02-01", "")),
        ("", ("", "")),
    ],
)
def test_a_period_of_months_is_kept_as_days(
    public: FlaskClient, given: str, shown: tuple[str, str]
) -> None:
    found = dates_of(public.get(f"{ALL}?{given}").text)
    assert (found["from"], found["to"]) == shown


def leads_of(html: str) -> dict[str, tuple[bool, str]]:
    """Above the map, by layer: whether its sentence is shown, and the sentence."""
    before_map = html[: html.index("data-map>")]
    found = re.findall(r'<p data-shown-with="(\w+)"( hidden)?>(.*?)</p>', before_map)
    return {
        layer: (not hidden, re.sub("<[^>]+>", "", sentence)) for layer, hidden, sentence in found
    }


def legends_shown(html: str) -> list[str]:
    return re.findall(r'<section class="legend" data-shown-with="(\w+)">', html)


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        ("", ["visits", "sites", "people_zones"]),
        ("on=crime,visits,outlines", ["visits", "crime"]),
        ("on=none", []),
    ],
)
def test_a_map_of_several_layers_says_first_what_each_of_them_shows(
    public: FlaskClient, on: str, shown: list[str]
) -> None:
    html = public.get(f"{ALL}?{on}").text
    leads = leads_of(html)
    assert [layer for layer, (is_shown, _) in leads.items() if is_shown] == shown
    assert legends_shown(html) == shown
    for layer, (_, sentence) in leads.items():
        (caption, *_) = public.get(f"/api/layers/{layer}/figures").get_json()["sentences"]
        title = REGISTRY.get(layer).spec.title
        assert sentence.lower() == f"{title}: {caption}".lower()


def test_a_choice_that_is_not_made_says_what_stands_instead(public: FlaskClient) -> None:
    html = public.get("/maps/crime").text
    assert '<option value="" selected>Default: 1,000 metres</option>' in html
    assert '<option value="" selected>Default: cell</option>' in html


@pytest.mark.parametrize("layer", REGISTRY.ids)
def test_what_can_be_chosen_once_has_a_default(layer: str) -> None:
    for parameter in REGISTRY.get(layer).spec.own:
        options = [option.value for option in parameter.options]
        assert parameter.repeatable or parameter.default in options, parameter.name


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/maps/visits", 'href="/maps/visits" aria-current="page"'),
        ("/maps/visits/compare", 'href="/maps/visits" aria-current="true"'),
        ("/maps/crime/print", 'href="/maps/crime" aria-current="true"'),
        ("/", 'href="/" aria-current="page"'),
    ],
)
def test_the_navigation_says_where_one_is(public: FlaskClient, path: str, said: str) -> None:
    nav = re.search("<nav .*?</nav>", public.get(path).text, re.DOTALL)
    assert nav
    assert said in nav[0]
    assert nav[0].count("aria-current") == 1
