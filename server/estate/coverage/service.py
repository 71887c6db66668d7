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

BoolArray = npt.NDArray[np.bool_]

ENQUIRY_OFFICE: Final = "front-enquiry-office"
NEIGHBOURHOOD_OFFICE: Final = "neighbourhood-office"


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of service: which of the sites that stand surely give it, and which may.

    ``sites`` names them in the plural, ``site`` one of them. ``access_matters``: a site whose
    public access is not known may give it.
    """

    id: str
    title: str
    site: str
    sites: str
    gives: Callable[[pd.DataFrame], pd.Series]
    access_matters: bool = True


def _with_access(*access: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda sites: sites["public_access"].isin(access)


SERVICES: Final[Mapping[str, Service]] = MappingProxyType(
    {
        service.id: service
        for service in (
            Service(
                ENQUIRY_OFFICE,
                "An enquiry desk to call in at",
                "site open to callers",
                "sites open to callers",
                _with_access("open"),
            ),
            Service(
                "by-appointment",
                "A site to call in at or to book",
                "site open to callers or by appointment",
                "sites open to callers or by appointment",
                _with_access("open", "by-appointment"),
            ),
            Service(
                NEIGHBOURHOOD_OFFICE,
                "A neighbourhood office",
                "neighbourhood office",
                "neighbourhood offices",
                lambda sites: sites["site_type"] == NEIGHBOURHOOD_OFFICE,
                access_matters=False,
            ),
            Service(
                "any",
                "Any police site",
                "police site",
                "police sites",
                lambda sites: pd.Series(True, index=sites.index),
                access_matters=False,
            ),
        )
    }
)
"""The services that can be asked for, the first being the usual one."""


@dataclass(frozen=True, slots=True, eq=False)
class ServiceSites:
    """The sites that give a service on a day, surely ones first, each group by id.

    ``sure`` says which surely do. ``points_m`` are eastings and northings in EPSG:27700, a row a
    site. ``unlocated`` is how many more give it, surely or possibly, at a place that is not known.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    sure: BoolArray
    points_m: npt.NDArray[np.float64]
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
        standing: records of the sites' view of the day, geometry in EPSG:27700.
    """
    gives = service.gives(standing)
    unknown = (standing["public_access"] == "unknown") & service.access_matters & ~gives
    sure = gives & (standing["in_period"] == "in")
    chosen = standing.assign(sure=sure)[gives | unknown]
    located = ~(chosen.geometry.isna() | chosen.geometry.is_empty)
    placed = chosen[located].sort_values(["sure", "site_id"], ascending=[False, True])
    return ServiceSites(
        tuple(placed["site_id"]),
        tuple(placed["name"]),
        placed["sure"].to_numpy(dtype=bool),
        np.column_stack((placed.geometry.x, placed.geometry.y)).reshape(-1, 2),
        int((~located).sum()),
    )
