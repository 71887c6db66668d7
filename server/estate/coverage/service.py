"""What a site can be to a resident, and which sites surely or possibly are that on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.estate_reconciled import access_of, desk_of
from layers.site_days import UNKNOWN

BoolArray = npt.NDArray[np.bool_]

ENQUIRY_OFFICE: Final = "front-enquiry-office"
NEIGHBOURHOOD_OFFICE: Final = "neighbourhood-office"
RESPONSE_BASE: Final = "response-base"
ACCESS: Final = "whose public access or standing on the day is not known"
STANDING: Final = "of which it is not known whether they stood on the day"


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of service. ``gives`` says of each site of a day ``yes``, ``no`` or ``unknown``.

    ``site`` names one that gives it, ``sites`` several; ``doubt`` says of what it is not known.
    """

    id: str
    title: str
    site: str
    sites: str
    gives: Callable[[pd.DataFrame], pd.Series]
    doubt: str = STANDING


def _of_type(site_type: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda sites: _stands(sites).where(sites["site_type"] == site_type, "no")


def _stands(sites: pd.DataFrame) -> pd.Series:
    surely = sites["in_period"] == "in"
    return surely.map({True: "yes", False: UNKNOWN}).astype(object)


def _response(sites: pd.DataFrame) -> pd.Series:
    """Response bases; those that stood only possibly are never surely one."""
    is_base = sites["response_base"]
    return is_base.where((is_base != "yes") | (sites["in_period"] == "in"), UNKNOWN)


SERVICES: Final[Mapping[str, Service]] = MappingProxyType(
    {
        service.id: service
        for service in (
            Service(
                ENQUIRY_OFFICE,
                "An enquiry desk to call in at",
                "enquiry desk open to callers",
                "enquiry desks open to callers",
                desk_of,
                ACCESS,
            ),
            Service(
                "by-appointment",
                "A site to call in at or to book",
                "site open to callers or by appointment",
                "sites open to callers or by appointment",
                access_of,
                ACCESS,
            ),
            Service(
                NEIGHBOURHOOD_OFFICE,
                "A neighbourhood office",
                "neighbourhood office",
                "neighbourhood offices",
                _of_type(NEIGHBOURHOOD_OFFICE),
            ),
            Service("any", "Any police site", "police site", "police sites", _stands),
            Service(
                RESPONSE_BASE,
                "A base of response officers",
                "response base",
                "response bases",
                _response,
                "of which it is not known whether response officers are based there",
            ),
        )
    }
)
"""The services that can be asked for, the first being the usual one."""


@dataclass(frozen=True, slots=True, eq=False)
class ServiceSites:
    """The sites that give a service on a day, surely ones first, each group by id.

    ``sure`` says which surely do. ``points_m`` are eastings and northings in EPSG:27700, a row a
    site. ``hours_a_week`` are those of the public desk, not a number where they are not known.
    ``unlocated`` is how many more give it, surely or possibly, at a place that is not known.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    sure: BoolArray
    points_m: npt.NDArray[np.float64]
    hours_a_week: npt.NDArray[np.float64]
    unlocated: int

    @property
    def surely(self) -> int:
        """How many surely give the service."""
        return int(self.sure.sum())

    @property
    def possibly(self) -> int:
        """How many more may give it."""
        return len(self.ids) - self.surely


def sites_giving(service: Service, standing: gpd.GeoDataFrame) -> ServiceSites:
    """The sites that give a service, of those that stand on a day.

    Args:
        service: what is asked for.
        standing: the estate of the day, as `layers.estate.estate_on` gives it.
    """
    gives = service.gives(standing)
    chosen = standing.assign(sure=gives == "yes")[gives != "no"]
    located = ~(chosen.geometry.isna() | chosen.geometry.is_empty)
    placed = chosen[located].sort_values(["sure", "site_id"], ascending=[False, True])
    return ServiceSites(
        tuple(placed["site_id"]),
        tuple(placed["name"]),
        placed["sure"].to_numpy(dtype=bool),
        np.column_stack((placed.geometry.x, placed.geometry.y)).reshape(-1, 2),
        placed["hours_a_week"].to_numpy(dtype=np.float64, na_value=np.nan),
        int((~located).sum()),
    )
