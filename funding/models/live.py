"""The one door between rehearsals and what counts."""

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class LiveManager(models.Manager[M]):
    """What counts: rows of rehearsals are not there for lists, counts, exports, search or the public.

    Whoever has a row of a call in hand, or locks one by its key, asks `everything`, which is the default manager.
    """

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.live()
