"""Django's PostgreSQL with a limit to its patience; named by ENGINE in the settings."""
