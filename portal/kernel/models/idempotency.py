"""Which forms were sent already, and what was answered."""

from django.db import models
from django.db.models.functions import Now


class SentForm(models.Model):
    """One form with its key, kept for a day. `owner` and `fingerprint` are keyed hashes: nothing typed is kept.

    `answer` is {"status", "headers", "messages"} of the action, null while it is being done.
    """

    key = models.CharField(max_length=64)
    owner = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="form_sent_once")]
        indexes = [models.Index(fields=["created_at"], name="sent_form_oldest")]

    def __str__(self) -> str:
        return self.key
