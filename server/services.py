"""What requests work with, put together once by the app factory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, cast

from flask import current_app

from layers.registry import Registry
from layers.remembered import Remembered
from layers.workspace import Workspace
from server.bodies import kept_bodies
from server.settings import Settings

if TYPE_CHECKING:
    from server.access import StaffLink

EXTENSION: Final = "patchmap"


@dataclass(frozen=True, slots=True)
class Services:
    """The workspace, the layers, the clock and the settings of one app."""

    workspace: Workspace
    registry: Registry
    settings: Settings
    clock: Callable[[], datetime]
    staff_link: StaffLink | None = None
    answers: Remembered = field(default_factory=kept_bodies)

    @property
    def today(self) -> date:
        """The day, by the app's clock."""
        return self.clock().date()


def services() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions[EXTENSION])
