"""The machine and the versions that figures were measured with, as one sentence of words."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

LIBRARIES: Final = (
    "numpy",
    "pandas",
    "geopandas",
    "shapely",
    "pyarrow",
    "flask",
    "waitress",
    "folium",
    "mapbox-vector-tile",
)


def machine_words() -> str:
    """Cores, processor, memory, system, Python and libraries."""
    return (
        f"{cores()} cores of {_processor()} with {_memory_gb()} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, {', '.join(_versions())}"
    )


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> int:
    if not hasattr(os, "sysconf"):
        return 0
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def _versions() -> list[str]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
