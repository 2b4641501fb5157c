"""Figures measured on a real PostgreSQL and Redis: `bin/bench NAME…`."""
