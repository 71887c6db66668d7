"""The demonstration pack: the canonical files in ``layers/data`` and how they are rebuilt.

``python -m layers.pack SHARED_DATA_DIR OUT_DIR`` reads the compiled and public files and writes
the pack, the same bytes each time: every draw comes from the one seed in ``demonstration.toml``.

Real, as compiled from public pages: visits (a sample), sites and their history (a sample),
projects, Section 106 items, events, glossary, totals.
Approximate: the outlines of the People Zones, circles of our own. Synthetic: the Street Safe
reports, calibrated to published totals and hot spots, and the crime points that
`layers.pack.crime_points` draws from real monthly counts when the demonstration is loaded.
"""
