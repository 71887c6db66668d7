"""The estate: who is served, what a change would do, and where to go next."""
