"""What can go wrong with the ground; each message is fit to be shown."""

from geo.errors import PatchmapError


class InvalidRecipe(PatchmapError, ValueError):
    """A recipe lacks a key, repeats a code, or gives one place to two NPAs at one moment."""


class InvalidSources(PatchmapError, ValueError):
    """A file of sources lacks a key or holds a value of the wrong kind."""


class UnreadableOutlines(PatchmapError, ValueError):
    """A file of outlines cannot be read, or carries no column of codes that we know."""


class NothingToBuild(PatchmapError, ValueError):
    """The outlines hold none of the units from which the recipe makes an area."""


class IncompleteBuild(PatchmapError, ValueError):
    """A build lacks some of the recipe's NPAs, so it cannot become the ground."""


class UnreadableGround(PatchmapError):
    """A saved set of boundaries is missing or damaged."""


class UnreadablePostcodes(PatchmapError, ValueError):
    """A file of postcodes cannot be read, or holds none of the force area."""


class UnreadableRoads(PatchmapError, ValueError):
    """A file of roads cannot be read, or holds none of the force area."""


class UnreadableTravelTimes(PatchmapError, ValueError):
    """A table of travel times cannot be read, or holds none of the areas and sites held."""
