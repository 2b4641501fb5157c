"""Named reads of the reports room."""
