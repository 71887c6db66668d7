"""The paper on the estate, for those who decide on it and for the public."""
