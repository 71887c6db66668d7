"""Where to go next: the best places for new sites, proven, beside those that come close."""
