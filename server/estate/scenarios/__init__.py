"""Scenarios that staff saved under a name, and several of them side by side."""
