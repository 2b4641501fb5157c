"""Pure rules of the members room."""
