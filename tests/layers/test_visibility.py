"""A record for staff does not become public because a file is silent about it."""

from __future__ import annotations

import pytest

from layers.audience import Audience
from tests.layers.desk import Desk

SITES = "site_id,name,site_type,longitude,latitude,tenure{column}\nA,Here,other,-1.1,52.6,{rest}\n"


def sites(tenure: str, visibility: str | None) -> str:
    if visibility is None:
        return SITES.format(column="", rest=tenure)
    return SITES.format(column=",visibility", rest=f"{tenure},{visibility}")


def public(desk: Desk) -> list[str]:
    asked = {"public_access": "unknown"}
    return list(desk.view("sites", Audience.PUBLIC, **asked).records["site_id"])


@pytest.mark.parametrize("silent", [None, "", "  "])
def test_a_silent_file_leaves_a_record_as_visible_as_it_was(desk: Desk, silent: str | None):
    desk.take("sites", "a.csv", sites("leasehold", "staff"))
    report = desk.take("sites", "b.csv", sites("freehold", silent))
    assert (report.updated, report.warned, public(desk)) == (1, 0, [])
    assert list(desk.view("sites").records["tenure"]) == ["freehold"]


def test_making_a_record_public_is_said(desk: Desk):
    desk.take("sites", "a.csv", sites("leasehold", "staff"))
    report = desk.take("sites", "b.csv", sites("leasehold", "public"))
    assert (report.updated, report.warned, public(desk)) == (1, 1, ["A"])
    (issue,) = report.issues
    assert (issue.row, issue.column) == (2, "visibility")
    assert "was for staff" in issue.reason
    assert desk.take("sites", "c.csv", sites("leasehold", None)).unchanged == 1


def test_a_visit_kept_for_staff_stays_so(desk: Desk):
    head = "visit_id,date,place,visit_type,longitude,latitude"
    desk.take("visits", "a.csv", f"{head},visibility\nV,2025-03-01,Here,event,-1.1,52.6,staff\n")
    desk.take("visits", "b.csv", f"{head}\nV,2025-03-02,There,event,-1.1,52.6\n")
    assert list(desk.view("visits").records["place"]) == ["There"]
    assert desk.view("visits", Audience.PUBLIC, from_="2025", to="2025").records.empty
