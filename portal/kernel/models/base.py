"""What every business row has."""

import uuid

from django.db import models
from django.utils import timezone


class Record(models.Model):
    """A row that cannot be guessed from the outside and knows when it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
