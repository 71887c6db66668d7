"""One layer in two periods, side by side: maps with one legend, and the difference in a table."""
