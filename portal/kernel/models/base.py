"""What every business row has."""

import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone


class Record(models.Model):
    """A row that cannot be guessed from the outside and knows when it was made.

    The `violation_error_code` of a constraint names the field at which its sentence stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Raises ValidationError by field where the constraint names one."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            raise ValidationError(self._by_field(error.error_dict)) from None

    def _by_field(self, found: dict[str, list[ValidationError]]) -> dict[str, list[Any]]:
        fields = {field.name for field in self._meta.fields}
        placed: dict[str, list[Any]] = {}
        for name, errors in found.items():
            for error in errors:
                at = error.code if name == NON_FIELD_ERRORS and error.code in fields else name
                placed.setdefault(at, []).append(error)
        return placed
