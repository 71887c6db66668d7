"""Figures of recorded crime in the description of the API: what is asked and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from geo.funnel import Standing as FunnelStanding
from geo.month_coverage import Standing
from geo.rates import METHODS, Verdict
from layers.spec import Option
from server.crime.asked import BY, KINDS, MOST_MONTHS
from server.crime.coverage_words import COLUMNS as MONTH_COLUMNS
from server.crime.rates_words import COLUMNS as RATE_COLUMNS
from server.openapi_parameters import AS_OF, Parameter
from server.openapi_route import CSV, Route
from server.openapi_schemas import Schema, count, list_of, object_of, ref, text

_TYPE: Final = Parameter(
    "type",
    "The type of crime; without it, all crimes, of which anti-social behaviour is none.",
    options=tuple(Option(slug, label) for slug, label in KINDS.items()),
)


def _date(name: str, meaning: str) -> Parameter:
    return Parameter(name, meaning, AS_OF.kind, AS_OF.schema)


MONTH_PARAMETERS: Final = (
    _TYPE,
    _date("from", f"The first month; at most {MOST_MONTHS} months are answered."),
    _date("to", "The last month; without it, the last that is held."),
)
RATE_PARAMETERS: Final = (
    *MONTH_PARAMETERS,
    Parameter(
        "by",
        "The areas; without it, npa.",
        options=tuple(Option(value, value) for value in BY),
    ),
    Parameter(
        "interval",
        "How the limits of a rate are found; without it, exact.",
        options=tuple(Option(value, value) for value in METHODS),
    ),
)
_R: Final = "/api/crime/rates"
_M: Final = "/api/crime/months"
CRIME_ROUTES: Final = (
    Route(
        _M,
        "crime_months",
        "Months of recorded crime",
        "Which months are held, missing, partial or unlike the others, what of each states no "
        "small area (LSOA), and events that bend its figures. A missing month has no count.",
        schema="crime_months",
        example=f"{_M}?type=burglary",
        parameters=MONTH_PARAMETERS,
    ),
    Route(
        f"{_M}.csv",
        "crime_months_csv",
        "Months of recorded crime, as CSV",
        "The same as a table in UTF-8 with one header row, a month a row. Columns: "
        f"{', '.join(MONTH_COLUMNS)}.",
        schema="crime_months_rows",
        example=f"{_M}.csv",
        media_type=CSV,
        parameters=MONTH_PARAMETERS,
    ),
    Route(
        _R,
        "crime_rates",
        "Rates of recorded crime",
        "Records for 1,000 residents by NPA or small area (LSOA 2021) with limits at 95%, smoothed "
        "by empirical Bayes, against the funnel limits of all areas, and against the same months a "
        "year before. Without from and to they are of the twelve months to the last held.",
        schema="crime_rates",
        example=f"{_R}?type=burglary&interval=byar",
        parameters=RATE_PARAMETERS,
    ),
    Route(
        f"{_R}.csv",
        "crime_rates_csv",
        "Rates of recorded crime, as CSV",
        "The same as a table in UTF-8 with one header row, an area a row. Columns: "
        f"{', '.join(RATE_COLUMNS)}.",
        schema="crime_rates_rows",
        example=f"{_R}.csv?by=lsoa",
        media_type=CSV,
        parameters=RATE_PARAMETERS,
    ),
)


def or_null(kind: str, description: str) -> dict[str, Any]:
    """A value that may be absent."""
    return {"type": [kind, "null"], "description": description}


def rows_of(description: str, columns: tuple[str, ...]) -> Schema:
    """A table as CSV with these columns."""
    listed = [{"name": name, "type": "string"} for name in columns]
    return text(f"{description} as CSV in UTF-8 with one header row.", **{"x-columns": listed})


def _figure(description: str) -> dict[str, Any]:
    return {"type": "number", "description": description}


_STANDINGS: Final = list(get_args(FunnelStanding))
_AREA: Final = object_of(
    {
        "code": text("Code of the area"),
        "name": text("Its name"),
        "npa_code": text("Code of the NPA in which it lies"),
        "records": count("Records in the months that are counted"),
        "residents": count("Residents (Census 2021)"),
        "rate": or_null("number", "Records for so many residents; null: nobody lives there"),
        "low": or_null("number", "Lower limit of the rate at 95%"),
        "high": or_null("number", "Upper limit of the rate at 95%"),
        "smoothed": or_null("number", "The rate drawn towards that of all (empirical Bayes)"),
        "expected": or_null("number", "Records at the rate of all"),
        "standing": text("Against the limits at 99.8%, widened", enum=_STANDINGS),
        "by_chance_alone": text("Against those not widened", enum=_STANDINGS),
        "areas_of_visitors": count("Small areas where residents are the wrong measure"),
        "records_in_them": count("Records in those"),
        "before": or_null("integer", "Records of the compared months a year before"),
        "after": or_null("integer", "Records of the compared months"),
        "ratio": or_null("number", "The later as a multiple of the earlier, a day"),
        "ratio_low": or_null("number", "Lower limit of that at 95%"),
        "ratio_high": or_null("number", "Upper limit; null: there is none"),
        "verdict": text("What can be said", enum=[*get_args(Verdict), "not compared"]),
    }
)
_SENTENCES: Final = list_of(text("A sentence that says what is shown or left out"))
CRIME_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "crime_months": object_of(
            {
                "type": text("The type of crime", enum=list(KINDS)),
                "query": list_of(ref("pair")),
                "caption": _SENTENCES,
                "months": list_of(
                    object_of(
                        {
                            "month": text("The month, YYYY-MM"),
                            "records": or_null("integer", "Records; null: the month is not held"),
                            "standing": text("How it stands", enum=list(get_args(Standing))),
                            "expected": or_null("integer", "What was to be expected of it"),
                            "seasonal": {
                                "type": "boolean",
                                "description": "Whether that follows the same month of other years",
                            },
                            "without_lsoa": or_null("integer", "Records that state no LSOA"),
                            "lsoa_elsewhere": or_null(
                                "integer", "Records whose LSOA is not of this force"
                            ),
                            "types_lacking": list_of(text("A type of which nothing is held")),
                            "events": list_of(text("An event that bends the figures")),
                        }
                    )
                ),
            }
        ),
        "crime_rates": object_of(
            {
                "type": text("The type of crime", enum=list(KINDS)),
                "query": list_of(ref("pair")),
                "caption": _SENTENCES,
                "per_residents": count("For how many residents rates are given"),
                "months": list_of(text("A month that is counted")),
                "months_compared": list_of(text("A month held a year before too")),
                "in_no_area": count("Records that lie in no area and are in no rate"),
                "target": or_null("number", "The rate of all areas"),
                "dispersion": _figure("By how many times areas vary more than by chance; 1: not"),
                "areas": list_of(_AREA),
            }
        ),
        "crime_rates_rows": rows_of("Rates of recorded crime", RATE_COLUMNS),
        "crime_months_rows": rows_of("Months of recorded crime", MONTH_COLUMNS),
    }
)
"""Answers about recorded crime, to everybody."""
