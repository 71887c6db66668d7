"""The police bases nearest to a place, and whether one can call in there, or book, and when."""
