"""The estate: its register on any day, whom it serves, what a change would do, where to go next."""
