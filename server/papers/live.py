"""Where the figures of a paper are to be had on screen."""

from __future__ import annotations

from server.page_context import SERVICE_NAME
from server.papers.drawings import qr_code
from server.papers.paper import Link, Paragraph, Section
from server.services import services


def live_section(path: str, map_path: str) -> Section:
    """The pages with a paper's figures and its map, and a code that leads to the first."""
    base = services().settings.public_url
    heading = "The same figures on screen"
    if not base:
        said = (
            f"{SERVICE_NAME} shows the figures of this paper at the path {path} and its map at "
            f"{map_path} of the office's own copy."
        )
        return Section(heading, (Paragraph(said),))
    url, map_url = f"{base}{path}", f"{base}{map_path}"
    return Section(
        heading,
        (
            Paragraph("The figures of this paper, to be seen and downloaded:"),
            Link(url, url),
            Paragraph("Its map, to be searched and enlarged:"),
            Link(map_url, map_url),
            qr_code(url),
        ),
    )
