"""The ground: areas and small-area figures, how they are built and where they come from."""
