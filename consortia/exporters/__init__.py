"""Lists of the consortia room as files."""
