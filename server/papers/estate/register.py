"""The register of the estate in its paper: by area, beside what was published, each site."""

from __future__ import annotations

from geo.dates import day_in_words
from layers.audience import Audience
from server.estate import tables, words
from server.papers.estate.areas import AreaRegister, registers_by_area
from server.papers.estate.material import Material
from server.papers.paper import Block, Listing, Paragraph, Table
from server.papers.side_table import as_table


def register_blocks(material: Material) -> tuple[Block, ...]:
    """How many sites stand where, and how that stands to the totals that were published."""
    view, audience = material.register, material.asked.audience
    totals = tables.reconciled_table(material.totals)
    blocks: list[Block] = [
        Listing(
            (*view.caption, *words.reconciled_sentences(material.totals, material.held, audience))
        ),
        _by_area(material),
    ]
    if material.totals:
        blocks.append(
            as_table(totals, figures=(1,), widths=(3, 2, 2, 2.5, 2.8, 4.2), verbatim=(5,))
        )
    return tuple(blocks)


def sites_blocks(material: Material) -> tuple[Block, ...]:
    """Each site that stood on the day, surely or possibly."""
    side = tables.sites_table(material.register)
    if not side.rows:
        return (Paragraph("No site is held that stood on the day."),)
    wanted = (
        *("Site", "Type", "Public access", "The desk is open", "Status", "Stands in"),
        "Commanded from",
    )
    at = [side.columns.index(name) for name in wanted]
    rows = tuple(tuple(row[number] for number in at) for row in side.rows)
    return (
        Paragraph(
            "Location, tenure, partners and floor area of each site stand in the data that go "
            "with this paper, as far as they are known."
        ),
        Table(
            f"Sites on {day_in_words(material.asked.day)}",
            wanted,
            rows,
            widths=(3.1, 2.7, 2.5, 1.8, 2.1, 2.4, 2.4),
            verbatim=(0,),
        ),
    )


def _by_area(material: Material) -> Table:
    staff = material.asked.audience is Audience.STAFF
    rows = tuple(_row(area, staff) for area in registers_by_area(material))
    columns = (
        *("Area (NPA)", "Premises", "Neighbourhood offices", "Enquiry desks"),
        *("To call in at or book", "Floor area (m²)"),
        *(("Running cost a year (£)",) if staff else ()),
    )
    numbers = tuple(range(1, len(columns)))
    return Table(
        f"The estate by area on {day_in_words(material.asked.day)}",
        columns,
        rows,
        figures=numbers,
        widths=(2.7, 1.7, 2.7, 1.7, 1.9, 1.9, *(1.9,) * staff),
    )


def _row(area: AreaRegister, staff: bool) -> tuple[str, ...]:
    sites = sum(tally.surely + tally.possibly for tally in (area.premises, area.offices))
    return (
        area.label,
        area.premises.in_words,
        area.offices.in_words,
        area.desks.in_words,
        area.access.in_words,
        _sum(area.floor_m2, sites, area.no_floor),
        *((_sum(area.cost_gbp, sites, area.no_cost),) if staff else ()),
    )


def _sum(total: float, sites: int, unknown: int) -> str:
    """What adds up over sites, and of how many it is not known.

    >>> _sum(1200.0, 3, 1), _sum(0.0, 2, 2), _sum(0.0, 0, 0)
    ('1,200; not known of 1', 'Not known', 'No site')
    """
    if not sites:
        return "No site"
    if unknown == sites:
        return "Not known"
    return f"{total:,.0f}; not known of {unknown:,}" if unknown else f"{total:,.0f}"
