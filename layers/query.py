"""A query, parsed once into a frozen value from which map, table, caption and export are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.dates import DateInterval, day_in_words, days_in_month
from geo.errors import InvalidDate, InvalidPeriod
from geo.grid import CellRange
from layers.audience import Audience
from layers.drawn_area import BBox, DrawnArea
from layers.errors import BadQuery
from layers.publication import refused_params
from layers.schema import parse_date
from layers.spec import LayerSpec

DEFAULT_MONTHS = 12
OUTSIDE = "outside"

Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What a query is read against: the layer's dates, the known areas, the day, the reader."""

    extent: DateInterval | None
    npa_names: Mapping[str, str]
    today: date
    audience: Audience


@dataclass(frozen=True, slots=True)
class LayerQuery:
    """Which records of one layer are asked for.

    ``around`` leaves out cells outside a range, as a tile needs only those near it;
    ``cell`` is the one cell of a layer counted in cells that is asked for, or empty.
    ``period`` is None where the layer holds no dated record, or everything is asked for;
    ``as_of`` is set for standing things asked for on a day; ``asked_on`` is the day of asking.
    """

    layer: str
    audience: Audience
    period: DateInterval | None = None
    period_given: bool = False
    as_of: date | None = None
    asked_on: date | None = None
    npas: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    bbox: BBox | None = None
    area: DrawnArea | None = None
    cell: str = ""
    around: CellRange | None = None
    own: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def cuts(self) -> tuple[BBox | DrawnArea, ...]:
        """The parts of the ground that the query is cut to: within all of them."""
        return tuple(cut for cut in (self.bbox, self.area) if cut)

    def own_values(self, name: str) -> tuple[str, ...]:
        """The values of one of the layer's own parameters."""
        return dict(self.own).get(name, ())

    def params(self) -> list[tuple[str, str]]:
        """The query as address parameters, in one order, defaults written out."""
        pairs: list[tuple[str, str]] = []
        if self.as_of:
            pairs.append(("as_of", self.as_of.isoformat()))
        elif self.period:
            pairs.append(("from", self.period.date_from.isoformat()))
            pairs.append(("to", self.period.date_to.isoformat()))
        pairs += [("npa", code) for code in self.npas]
        pairs += [("type", value) for value in self.types]
        if self.bbox:
            pairs.append(("bbox", str(self.bbox)))
        if self.area:
            pairs.append(("area", str(self.area)))
        pairs += [(name, value) for name, values in self.own for value in values]
        return pairs

    def time_in_words(self) -> str:
        """The period or day, as a caption says it."""
        if self.as_of:
            return f"as of {day_in_words(self.as_of)}"
        return self.period.in_words() if self.period else "all dates"


def everything(spec: LayerSpec, audience: Audience) -> LayerQuery:
    """The query that leaves nothing out, as an export asks."""
    return LayerQuery(spec.id, audience)


def parse_query(spec: LayerSpec, params: Params, context: QueryContext) -> LayerQuery:
    """Read address parameters for one layer.

    Blank values count as not given, as an HTML form sends them.

    Raises:
        BadQuery: a parameter that the layer does not have, or a value that it cannot use.
    """
    given = {
        name: tuple(value.strip() for value in values if value.strip())
        for name, values in params.items()
    }
    own_names = [parameter.name for parameter in spec.own]
    known = ["from", "to", "as_of", "npa", "type", "bbox", "area", *own_names]
    for name in given:
        if name not in known:
            raise BadQuery(f"{spec.title} can be asked for by {', '.join(known)}; given {name!r}.")
    for name in refused_params(spec.publication, context.audience):
        if given.get(name):
            raise BadQuery(
                f"{spec.title} are published as fixed counts, which cannot be filtered by {name}. "
                f"Leave {name} out."
            )
    period, as_of = _time(spec, given, context)
    bbox, area = single_value(given, "bbox"), single_value(given, "area")
    return LayerQuery(
        layer=spec.id,
        audience=context.audience,
        period=period,
        period_given=period != _time(spec, {}, context)[0],
        as_of=as_of,
        asked_on=context.today if spec.time == "standing" else None,
        npas=_choices("npa", given, [*context.npa_names, OUTSIDE]),
        types=_choices("type", given, [option.value for option in spec.types]),
        bbox=BBox.parse(bbox) if bbox else None,
        area=DrawnArea.parse(area) if area else None,
        own=_own(spec, given, context.audience),
    )


def _own(
    spec: LayerSpec, given: Params, audience: Audience
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = []
    for parameter in spec.own:
        options = [option.value for option in parameter.options]
        values = _choices(parameter.name, given, options)
        if not parameter.repeatable and len(values) > 1:
            raise BadQuery(f"{parameter.name} can be given once; given {len(values)} times.")
        if not values and audience is Audience.PUBLIC:
            values = tuple(sorted(parameter.public_default))
        if values:
            pairs.append((parameter.name, values))
    return tuple(pairs)


def single_value(params: Params, name: str) -> str:
    """The one value of a parameter; empty where it is not given or blank.

    Raises:
        BadQuery: it is given more than once.
    """
    values = [value.strip() for value in params.get(name, ()) if value.strip()]
    if len(values) > 1:
        raise BadQuery(f"{name} can be given once; given {len(values)} times.")
    return values[0] if values else ""


def _choices(name: str, given: Params, options: Sequence[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(given.get(name, ())))
    for value in values:
        if value not in options:
            offered = ", ".join(options) or "nothing, as the layer has none"
            raise BadQuery(f"{name} must be one of {offered}; given {value!r}.")
    return tuple(sorted(values))


def interval_value(params: Params, name: str) -> DateInterval | None:
    """The day, month or year that a parameter names; None where it is not given.

    Raises:
        BadQuery: it is none, or given more than once.
    """
    text = single_value(params, name)
    try:
        return parse_date(text) if text else None
    except InvalidDate as error:
        raise BadQuery(f"{name}: {error}") from error


def _time(
    spec: LayerSpec, given: Params, context: QueryContext
) -> tuple[DateInterval | None, date | None]:
    first, last = interval_value(given, "from"), interval_value(given, "to")
    as_of = interval_value(given, "as_of")
    if as_of and (first or last):
        raise BadQuery("Ask either for a day (as_of) or for a period (from, to), not for both.")
    if spec.time == "standing" and not (first or last):
        return None, as_of.date_to if as_of else context.today
    asked_end = last or as_of
    if not (first or asked_end or context.extent):
        return None, None
    end = asked_end.date_to if asked_end else _last_day(context)
    if first is None:
        return DateInterval(DateInterval.months_ending(end, DEFAULT_MONTHS).date_from, end), None
    if first.date_from > end and not asked_end:
        raise BadQuery(
            f"from must not lie after {day_in_words(end)}, where the period ends unless to is "
            f"given; given {first.date_from}. Give to as well."
        )
    try:
        return DateInterval(first.date_from, end), None
    except InvalidPeriod as error:
        raise BadQuery(str(error)) from error


def _last_day(context: QueryContext) -> date:
    """The last day of the month of the last dated record; today where there is none."""
    if context.extent is None:
        return context.today
    last = context.extent.date_to
    return last.replace(day=days_in_month(last.year, last.month))
