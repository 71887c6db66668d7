"""The server process: what it listens on decides whom it serves."""

from __future__ import annotations

import logging
from datetime import datetime

import click
from waitress import create_server

from layers.workspace import Workspace
from server.access import StaffLink, is_loopback
from server.app import create_app
from server.settings import Settings

THREADS = 8


def serve(settings: Settings, workspace: Workspace, host: str, port: int) -> None:
    """Serve until stopped. Only on a loopback address is a staff link made and printed."""
    link = StaffLink() if is_loopback(host) else None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("waitress").setLevel(logging.WARNING)
    app = create_app(settings, workspace, datetime.now, link)
    try:
        server = create_server(app, host=host, port=port, threads=THREADS)
    except (OSError, ValueError) as error:
        workspace.close()
        raise click.ClickException(
            f"An address to listen on is needed; {host} with port {port} cannot be used: "
            f"{getattr(error, 'strerror', None) or error}. Choose another with --host or --port."
        ) from error
    origin = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(f"Patchmap serves {origin}", err=True)
    if link:
        click.echo(
            f"For the staff view in one browser, once, for a working day: "
            f"{origin}/staff/{link.token}",
            err=True,
        )
    else:
        click.echo("On this address everyone is served as the public.", err=True)
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
    finally:
        workspace.close()
