"""Speed of our own parts, each beside a peer in the same run; kept as ratios, never asserted."""
