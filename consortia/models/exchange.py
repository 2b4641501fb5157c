"""How members worked together, and what may go wrong with a task."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consortia.enums import Layer
from consortia.models.entry import Entry
from consortia.models.task import ResearchTask
from consortia.rules.registers import ExchangeKind, Scale


class Exchange(Entry):
    """A meeting or another way of working together, between two layers or inside one."""

    kind = models.CharField(_("way of working together"), max_length=12, choices=ExchangeKind)
    topic = models.CharField(_("topic"), max_length=160)
    layer = models.CharField(_("layer"), max_length=8, choices=Layer, default=Layer.CORE)
    with_layer = models.CharField(_("with the layer"), max_length=8, choices=Layer, default=Layer.CLOSE)
    date = models.DateField(_("date"))
    result = models.CharField(_("result"), max_length=300, blank=True)

    class Meta:
        ordering = ["-date", "id"]

    def __str__(self) -> str:
        return self.topic


class Risk(Entry):
    """Something that may go wrong with a task, and the answer to it."""

    task = models.ForeignKey(ResearchTask, models.CASCADE, related_name="risks", verbose_name=_("research task"))
    description = models.CharField(_("risk"), max_length=200)
    probability = models.CharField(_("probability"), max_length=6, choices=Scale, default=Scale.MEDIUM)
    impact = models.CharField(_("impact"), max_length=6, choices=Scale, default=Scale.MEDIUM)
    response = models.CharField(_("response"), max_length=300)

    class Meta:
        ordering = ["task__number", "created_at", "id"]

    def __str__(self) -> str:
        return self.description
