"""Forms of the funding room."""
