"""The kinds of problem that a request can meet, and a page for each that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, render_template

from server.requests import refuse_params

blueprint = Blueprint("problems", __name__)

LONGEST_QUERY: Final = 8_000
"""Characters that may follow the question mark of an address."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: its name in addresses, its HTTP status, and what to say of it.

    ``advice`` is what whoever meets it can do, in a sentence; ``why`` says how it comes about.
    """

    slug: str
    status: int
    title: str
    advice: str
    why: tuple[str, ...]

    @property
    def address(self) -> str:
        """The address of its page, relative to the host."""
        return f"/problems/{self.slug}" if self.slug else "about:blank"


UNPROVEN_FORM: Final = Problem(
    "",
    400,
    "This form was not taken",
    "What was typed is kept below. Look at it, and send it again if it is what you meant.",
    (),
)
"""A form without the token of the session it is sent in, whose proof ends with the session."""

REFUSED_FORM: Final = Problem(
    "",
    400,
    "This could not be done",
    "Nothing was changed. Go back to the page, and choose again.",
    (),
)
"""A button or form that asks for what cannot be; not its address is at fault, but what it sends."""

PROBLEMS: Final = (
    Problem(
        "bad-query",
        400,
        "Part of this address cannot be used",
        "Change what is named, or leave it out.",
        (
            "An address can carry parameters after a question mark, such as a period or an area. "
            "A parameter that the page or layer does not have, or a value that it cannot use, is "
            "refused: leaving it out silently would show figures other than those asked for.",
            "The sentence that comes with it names the parameter, what it can be, and what was "
            "given. A parameter that most others take can be missing where it would tell of what "
            "is not published.",
        ),
    ),
    Problem(
        "staff-only",
        403,
        "This is for staff",
        "Open the staff link that Patchmap printed when it was started on this machine.",
        (
            "Some pages are for the staff of the office alone. A browser becomes staff by a link "
            "that Patchmap prints when it is started, works once, and lasts for a working day.",
            "A link that was used before does not work again: start Patchmap anew for another.",
        ),
    ),
    Problem(
        "not-found",
        404,
        "There is no such page",
        "Check the address, or begin at the home page.",
        (
            "Nothing is at this address. It may have been typed or copied in part, or name a map, "
            "a layer or a cell that Patchmap does not have.",
        ),
    ),
    Problem(
        "method-not-allowed",
        405,
        "That cannot be done here",
        "Go back and use the page's own links and forms.",
        (
            "Addresses are read by GET or HEAD. Only the forms of staff are sent by POST, from a "
            "page of this service; all else that is held is changed by the command line.",
        ),
    ),
    Problem(
        "changed-meanwhile",
        409,
        "This could not be done",
        "Nothing was changed. Go back to the page as it is now, and look again.",
        (
            "A page of staff was opened, and what it shows was changed before one of its buttons "
            "was pressed: by somebody else, in another tab, or because a button was pressed twice.",
            "Such a press changes nothing, so that nobody's work is undone unseen.",
        ),
    ),
    Problem(
        "address-too-long",
        414,
        "This address is too long",
        "Draw an area with fewer corners, or choose fewer values at a time.",
        (
            f"What follows the question mark of an address can have {LONGEST_QUERY:,} characters. "
            "That is enough for every parameter with a drawn area beside it.",
        ),
    ),
    Problem(
        "failure",
        500,
        "Something went wrong",
        "Try again in a little while. If it happens again, tell whoever runs this service the "
        "error number.",
        (
            "Patchmap met something that it was not prepared for. It is no fault of the request, "
            "and nothing that is held was changed.",
            "The error number stands in the log too, beside what whoever runs the service needs "
            "to find the cause.",
        ),
    ),
    Problem(
        "data-unreadable",
        503,
        "The data cannot be read",
        "Whoever runs this service can run 'patchmap check', which says what is missing and how "
        "to mend it.",
        (
            "A file or table that the answer is made from is missing, or was changed by hand. "
            "Patchmap answers nothing rather than something wrong.",
            "'patchmap check --workspace FOLDER' names every file and table that is not whole.",
        ),
    ),
)

BY_STATUS: Final = {problem.status: problem for problem in PROBLEMS}


@blueprint.get("/problems/<name>")
def problem_page(name: str) -> str:
    """What a kind of problem is, how it comes about, and what to do."""
    refuse_params()
    for problem in PROBLEMS:
        if problem.slug == name:
            return render_template("problem.html", title=problem.title, problem=problem)
    abort(404)
