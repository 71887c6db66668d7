"""Statistics of Street Safe reports: the page fits, and axe finds nothing."""

from __future__ import annotations

import pytest

from tests.browser.pages import WIDTHS, checked, resize, stand_still
from tests.browser.test_views import LAYOUT, TARGETS

PATH = "/street-safe/statistics?from=2021-09&to=2024-02"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(staffed, scheme):
    page = staffed.page
    page.emulate_media(color_scheme=scheme)
    staffed.open(PATH)
    stand_still(page)
    assert page.get_by_role("heading", level=2).all_inner_texts() == [
        "What was named, when and where",
        "Do concerns of behaviour follow those of the place?",
    ]
    for width in WIDTHS:
        resize(page, width)
        assert checked(page, *LAYOUT, *TARGETS, "unmarkedControls") == [], f"at {width} px"
        assert staffed.axe_findings() == [], f"at {width} px"
    page.emulate_media(color_scheme="light")
    resize(page, 1280)
