"""Install what some comparisons need beyond the project: ``python -m tests.benchmarks.setup``.

On Debian as root: PostGIS, wrk and SpatiaLite. Everywhere: a driver for PostgreSQL in this
Python's environment. Nothing is installed unless this is run; what is missing is left out of the
document.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Final

PACKAGES: Final = ("postgresql-postgis", "wrk", "libsqlite3-mod-spatialite")
PEERS: Final = ("psycopg[binary]>=3.2",)


def main() -> None:
    """Install, or say what to install by hand."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *PEERS], check=True)
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "--yes", "-qq", "--no-install-recommends"]
        subprocess.run([*install, *PACKAGES], check=True)
    else:
        print(f"Install these by hand, as root on Debian by apt-get: {', '.join(PACKAGES)}.")


if __name__ == "__main__":
    main()
