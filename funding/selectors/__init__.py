"""Named reads of the funding room."""
