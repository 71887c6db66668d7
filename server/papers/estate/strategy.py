"""The check against the strategy in the paper on the estate."""

from __future__ import annotations

from geo.dates import day_in_words
from layers.estate_strategy import Aim
from layers.schema import in_words
from server.estate import words
from server.papers.estate.material import Material
from server.papers.paper import Block, Listing, Paragraph, Table
from server.services import services


def strategy_blocks(material: Material) -> tuple[Block, ...]:
    """Whether each area has an enquiry office and public access: met, not met, or not known."""
    found = material.strategy
    areas = Table(
        f"Each area beside the strategy on {day_in_words(found.day)}",
        ("Area (NPA)", "Front enquiry office", "Public access, by calling in or by appointment"),
        tuple(
            (area.npa_name, _aim(area.enquiry_office), _aim(area.public_access))
            for area in found.areas
        ),
        widths=(2.6, 4, 5),
    )
    return (
        Listing(tuple(words.strategy_sentences(found))),
        areas,
        Paragraph(
            "Met: a site there is known to be open. Not met: every site there is known not to be, "
            "and the register holds as many sites as were published. Else it is not known."
        ),
        _elsewhere(material),
        *_signs(material),
    )


def _aim(aim: Aim) -> str:
    """How an area stands to an aim, and by which sites."""
    said = [words.STATES[aim.state]]
    if aim.sites:
        said.append(f": {'; '.join(aim.sites)}")
    if aim.not_known:
        said.append(f". Not known of {'; '.join(aim.not_known)}")
    return "".join(said)


def _elsewhere(material: Material) -> Block:
    found, label = material.strategy.elsewhere, services().workspace.ground.npa_label
    if not found:
        return Paragraph("No site is known to be commanded from another area than its own.")
    return Table(
        "Sites commanded from another area than the one in which they stand",
        ("Site", "Stands in", "Commanded from"),
        tuple((each.name, label(each.standing_npa), label(each.commanding_npa)) for each in found),
        widths=(4, 3, 3),
        verbatim=(0,),
    )


def _signs(material: Material) -> tuple[Block, ...]:
    signs = material.strategy.signs
    if not signs:
        return (Paragraph("No project of signs and lanterns can be shown here."),)
    return (
        Table(
            "The programme of signs and lanterns",
            ("Project", "Status", "Complete", "Budget", "Spent"),
            tuple(
                (
                    each.project,
                    in_words(each.status) or "Not known",
                    "Not known"
                    if each.percent_complete is None
                    else f"{each.percent_complete:.0f}%",
                    words.pounds(each.budget_gbp),
                    words.pounds(each.spend_gbp),
                )
                for each in signs
            ),
            figures=(3, 4),
            widths=(5, 2, 2, 2, 2),
            verbatim=(0,),
        ),
    )
