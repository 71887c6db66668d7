"""Statistics of Street Safe reports: what was named, where and when, and what follows what."""
