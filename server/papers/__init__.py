"""Papers for people who read on paper: made once as one value, then written in each format."""
