"""Settings, read from the environment once, at the start, into a frozen value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from geo.errors import InvalidValue

DEFAULT_WORKSPACE: Final = "workspace"
DEFAULT_MARKING: Final = "OFFICIAL"
LONGEST_MARKING: Final = 60


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name and what it does, for the docs and the help."""

    name: str
    default: str
    help: str


SETTINGS: Final = (
    Setting("PATCHMAP_WORKSPACE", f"./{DEFAULT_WORKSPACE}", "Folder with all that was imported."),
    Setting(
        "PATCHMAP_DATABASE_URL",
        "SQLite file in the workspace",
        "SQLAlchemy address of another database for the registers.",
    ),
    Setting(
        "PATCHMAP_BASEMAP_URL",
        "none",
        "Address template of map tiles ({z}, {x}, {y}); without it no request leaves the host.",
    ),
    Setting("PATCHMAP_BASEMAP_ATTRIBUTION", "none", "What the owner of the tiles asks to show."),
    Setting(
        "PATCHMAP_CONTACT",
        "none",
        "How to reach the office that runs this copy, as the accessibility statement shows it.",
    ),
    Setting(
        "PATCHMAP_EMBED_SITES",
        "none",
        "Origins of the sites that may show the embedded maps in a frame, with spaces between.",
    ),
    Setting(
        "PATCHMAP_PUBLIC_URL",
        "none",
        "Address under which readers reach this copy, for links and QR codes in papers.",
    ),
    Setting(
        "PATCHMAP_MARKING",
        DEFAULT_MARKING,
        "Protective marking at the head and foot of each page of a paper.",
    ),
)
_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::[1-9][0-9]{0,4})?")


@dataclass(frozen=True, slots=True)
class Settings:
    """How one Patchmap is set up."""

    workspace: Path
    database_url: str = ""
    basemap_url: str = ""
    basemap_attribution: str = ""
    contact: str = ""
    embed_sites: tuple[str, ...] = ()
    public_url: str = ""
    marking: str = DEFAULT_MARKING

    def __post_init__(self) -> None:
        self._check_papers()
        for site in self.embed_sites:
            if not _ORIGIN.fullmatch(site):
                raise InvalidValue(
                    "PATCHMAP_EMBED_SITES must list origins with spaces between, such as "
                    f"https://www.example.gov.uk, without paths and wildcards; given {site!r}."
                )
        url = self.basemap_url
        if not url:
            return
        if not url.startswith(("https://", "http://")) or not all(
            part in url for part in ("{z}", "{x}", "{y}")
        ):
            raise InvalidValue(
                "PATCHMAP_BASEMAP_URL must be an address beginning with https:// that holds {z}, "
                f"{{x}} and {{y}}; given {url!r}."
            )
        if not self.basemap_attribution:
            raise InvalidValue(
                "PATCHMAP_BASEMAP_ATTRIBUTION is needed with PATCHMAP_BASEMAP_URL: the owner of "
                "the tiles must be named on the map."
            )

    def _check_papers(self) -> None:
        if self.public_url and not _is_address(self.public_url):
            raise InvalidValue(
                "PATCHMAP_PUBLIC_URL must be an address beginning with https:// without ? and #; "
                f"given {self.public_url!r}."
            )
        if (
            not self.marking
            or len(self.marking) > LONGEST_MARKING
            or not self.marking.isprintable()
        ):
            raise InvalidValue(
                f"PATCHMAP_MARKING must be one line of up to {LONGEST_MARKING} characters; given "
                f"{self.marking!r}."
            )

    @classmethod
    def of_process(cls, workspace: Path | None = None) -> Settings:
        """As :meth:`from_env`, from this process's own environment."""
        return cls.from_env(os.environ, workspace)

    @classmethod
    def from_env(cls, environ: Mapping[str, str], workspace: Path | None = None) -> Settings:
        """Read the variables of :data:`SETTINGS`; ``workspace``, when given, comes first."""
        return cls(
            workspace=workspace or Path(environ.get("PATCHMAP_WORKSPACE") or DEFAULT_WORKSPACE),
            database_url=environ.get("PATCHMAP_DATABASE_URL", ""),
            basemap_url=environ.get("PATCHMAP_BASEMAP_URL", ""),
            basemap_attribution=environ.get("PATCHMAP_BASEMAP_ATTRIBUTION", ""),
            contact=environ.get("PATCHMAP_CONTACT", "").strip(),
            embed_sites=tuple(environ.get("PATCHMAP_EMBED_SITES", "").lower().split()),
            public_url=environ.get("PATCHMAP_PUBLIC_URL", "").strip().rstrip("/"),
            marking=environ.get("PATCHMAP_MARKING", "").strip() or DEFAULT_MARKING,
        )


def _is_address(url: str) -> bool:
    """Whether it is the address of a web service, to which paths can be added."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
        return whole and parts.port != 0 and not {"?", "#", " "} & set(url)
    except ValueError:
        return False
