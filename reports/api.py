"""The read API of the reports room."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []
