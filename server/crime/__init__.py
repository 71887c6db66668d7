"""Recorded crime as figures: which months are held, and rates that can be defended."""
