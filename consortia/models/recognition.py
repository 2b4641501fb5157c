"""What a consortium was recognised as by others."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consortia.models.entry import ProvenEntry
from consortia.rules.registers import RecognitionKind, RecognitionLevel


class Recognition(ProvenEntry):
    """A recognition with its document."""

    kind = models.CharField(_("kind"), max_length=16, choices=RecognitionKind)
    level = models.CharField(_("level"), max_length=10, choices=RecognitionLevel)
    name = models.CharField(_("title of the recognition"), max_length=120)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    document_number = models.CharField(_("document number"), max_length=60)
    date = models.DateField(_("date"))

    class Meta:
        ordering = ["-date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "document_number", "name"],
                name="recognised_once",
                violation_error_code="document_number",
                violation_error_message=_("This recognition is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
