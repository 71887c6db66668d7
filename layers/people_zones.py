"""People Zones: one record a version of a zone, for outlines and standing change."""

from __future__ import annotations

from typing import Final

import geopandas as gpd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.publication import Everything
from layers.query import LayerQuery
from layers.register_layer import RegisterLayer, check_order, check_stated_npa, day_column
from layers.schema import Field, Schema
from layers.spec import (
    LayerSpec,
    Legend,
    StyleClass,
    columns_of,
)
from layers.view import Counts

SCHEMA: Final = Schema(
    part="people_zones",
    singular="version of a People Zone",
    plural="versions of People Zones",
    fields=(
        Field("zone_id", "Zone", "code", required=True),
        Field("version", "Version", "integer", required=True),
        Field("name", "Name", required=True),
        Field("place", "Place"),
        Field("stated_npa", "NPA as stated", "code", aliases=("npa_code", "npa")),
        Field("starts", "Starts", "date", required=True, aliases=("date_from", "start_date")),
        Field("ends", "Ends", "date", aliases=("date_to", "end_date")),
        Field("status", "Status"),
        Field("description", "Description"),
        Field("extent_description", "How the outline was drawn"),
        Field("approximate", "Outline approximate", "boolean", default="true"),
        Field("source", "Source"),
    ),
    id_fields=("zone_id", "version"),
    position="polygon-required",
)


def _spec() -> LayerSpec:
    first = ("zone_id", "version", "name", "place", "approximate", "status")
    return LayerSpec(
        id="people_zones",
        page="people-zones",
        title="People Zones",
        singular="People Zone",
        plural="People Zones",
        summary="Places where residents are backed to lead local improvements.",
        schemas=(SCHEMA,),
        columns=columns_of(SCHEMA, first),
        popup=(
            "name",
            "place",
            "npa_name",
            "npa_approximate",
            "starts",
            "ends",
            "status",
            "description",
            "approximate",
            "extent_description",
        ),
        time="standing",
        publication=Everything(),
    )


class PeopleZones(RegisterLayer):
    """People Zones in force on a day."""

    spec = _spec()
    checks = (check_stated_npa("stated_npa"), check_order(SCHEMA, "starts", "ends"))

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The days from and to which a version is in force."""
        starts = [DateInterval.parse(text) for text in frame["starts"]]
        ends = [DateInterval.parse(text) if text else None for text in frame["ends"]]
        return frame.assign(
            date_from=day_column([item.date_from for item in starts]),
            date_to=day_column([item.date_to if item else None for item in ends]),
            sure_from=day_column([item.date_to for item in starts]),
            sure_to=day_column([item.date_from if item else None for item in ends]),
        )

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Approximate outlines told from others by their line, not by colour alone."""
        return Legend(
            "People Zone",
            "approximate",
            (
                StyleClass("Outline approximate", "#801650", "dashed", "true"),
                StyleClass("Outline as given by its keeper", "#801650", "area", "false"),
            ),
        )

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """How many outlines are approximate."""
        approximate = int(filtered["approximate"].sum())
        if not approximate:
            return []
        return [
            f"{approximate} of {len(filtered)} outlines are approximate: the true ones are not "
            "published, and what is drawn must not be read street by street."
        ]
