"""The table by NPA: a figure that is held back never reads as nought or as the whole."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from flask import Flask

COLUMNS = ["npa_code", "npa_name", "surely", "possibly", "withheld", "withheld_possibly"]


def figures(app: Flask, *rows: tuple[int, int, int, int]) -> list[list[str]]:
    """What each row of figures says, the totals last."""
    frame = pd.DataFrame([(f"N{i}", f"Area {i}", *row) for i, row in enumerate(rows)])
    table = app.jinja_env.get_template("components/table.html").make_module()
    html = str(table.npa_table(frame.set_axis(COLUMNS, axis=1), "Reports"))
    lines = re.findall(r"<tr>(.*?)</tr>", html)
    return [re.findall(r"<td[^>]*>(.*?)</td>", line) for line in lines[1:]]


@pytest.mark.parametrize(
    ("surely", "withheld", "said"),
    [(0, 0, "0"), (1234, 0, "1,234"), (0, 2, "withheld"), (12, 2, "at least 12")],
)
def test_each_figure_says_whether_it_is_all(app: Flask, surely: int, withheld: int, said: str):
    assert figures(app, (surely, 0, withheld, 0)) == [[said], [said]]
    both = figures(app, (5, surely, 0, withheld))
    assert both == ([["5", said], ["5", said]] if surely or withheld else [["5"], ["5"]])


def test_a_total_is_the_least_once_any_of_its_figures_is_held_back(app: Flask):
    rows = figures(app, (10, 0, 0, 1), (0, 7, 3, 0))
    assert rows == [["10", "withheld"], ["withheld", "7"], ["at least 10", "at least 7"]]


def plain(app: Flask, rows: list[tuple[str, ...]]) -> str:
    table = app.jinja_env.get_template("components/table.html").make_module()
    return str(table.table("Reports", ("Area", "January", "February"), rows))


def test_a_column_of_figures_is_one_wherever_its_first_figure_stands(app: Flask):
    html = plain(app, [("Area 1", "withheld", "a"), ("Area 2", "1,234", "b")])
    assert html.count('class="figure"') == 3
    assert '<td class="figure">withheld</td><td>a</td>' in html


def test_a_table_without_rows_says_none(app: Flask):
    assert '<td colspan="3">None</td>' in plain(app, [])
