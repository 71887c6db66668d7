"""Statistics of Street Safe reports for staff: a page, its figures as JSON and as CSV.

Single reports are for staff alone, and so are these figures, many of which are small; the public
has the protected counts of the layer.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from layers.output import frame_csv
from server import forms
from server.api import CSV, json_answer
from server.requests import given_params, with_query
from server.street_safe import words
from server.street_safe.account import Account
from server.street_safe.asked import STREET_SAFE, Asked, asked
from server.street_safe.company import Company, Tested
from server.street_safe.tables import company_table, figures, tables

blueprint = Blueprint("street_safe", __name__)

PAGE: Final = "/street-safe/statistics"
API: Final = "/api/street-safe/statistics"
TITLE: Final = "Street Safe: what was reported"


@blueprint.get(PAGE)
def page() -> str:
    """What the reports of a period name, in sentences and tables."""
    what = asked(given_params())
    account, query = what.account(), what.query.params()
    return render_template(
        "street_safe.html",
        title=TITLE,
        sentences=[*what.view().caption, *words.sentences(account)],
        tables=tables(account) if account.kinds.reports else (),
        company=words.company_words(account.company) if account.kinds.reports else (),
        company_table=company_table(account),
        filters=[*forms.time_fields(what.query), forms.npa_field(what.query.npas)],
        action=request.path,
        csv_url=with_query(f"{API}.csv", query),
        json_url=with_query(API, query),
        map_url=with_query("/maps/street-safe", query),
    )


@blueprint.get(API)
def api() -> Response:
    """The figures of the page as JSON."""
    what = asked(given_params())
    return json_answer(_as_dict(what, what.account()))


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """The counts of the page as CSV, a row each."""
    response = Response(frame_csv(figures(asked(given_params()).account())), content_type=CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{STREET_SAFE}.csv"'
    return response


def _as_dict(what: Asked, account: Account) -> dict[str, Any]:
    period = what.query.period
    return {
        "from": period.date_from.isoformat() if period else None,
        "to": period.date_to.isoformat() if period else None,
        "caption": [*what.view().caption, *words.sentences(account)],
        "reports": account.kinds.reports,
        "possibly": account.possibly,
        "kinds": asdict(account.kinds),
        "concerns": [
            {"concern": each.concern, "behavioural": each.behavioural, "reports": each.reports}
            for each in account.named
        ],
        "months": [asdict(each) for each in account.months],
        "npas": [
            {"npa_code": each.code, "npa_name": each.name, "kinds": asdict(each.kinds)}
            for each in account.areas
        ],
        "reasons": [{"reason": each, "reports": count} for each, count in account.reasons],
        "following": _following(account.company),
    }


def _following(company: Company | None) -> dict[str, Any] | None:
    if company is None:
        return None
    return {
        "environmental": company.environmental,
        "behavioural": company.behavioural,
        "permutations": company.permutations,
        "sentences": words.company_words(company),
        "tested": [_tested(each) for each in company.tested],
    }


def _tested(each: Tested) -> dict[str, Any]:
    return {
        "radius_m": each.found.radius_m,
        "within_days": each.found.within_days,
        "after": each.found.after.found,
        "after_by_chance": each.found.after.by_chance,
        "before": each.found.before.found,
        "before_by_chance": each.found.before.by_chance,
        "after_p_value": each.after_p_value,
        "order_p_value": each.order_p_value,
        "verdict": each.verdict,
    }
