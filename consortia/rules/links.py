"""The words of links between consortia, and what a link must say."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consortia.rules.work import project_fault


class LinkKind(TextChoices):
    """What joins two consortia."""

    FIELDS = "FIELDS", _("Complementary fields")
    PLATFORM = "PLATFORM", _("Shared platform")
    PROJECT = "PROJECT", _("Joint project")


class LinkStatus(TextChoices):
    """Where a link between consortia stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("link", "Waits for an answer")
    ACCEPTED = "ACCEPTED", pgettext_lazy("link", "In force")
    DECLINED = "DECLINED", pgettext_lazy("link", "Declined")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("link", "Taken back")
    ENDED = "ENDED", pgettext_lazy("link", "Ended")


def link_fault(kind: str, name: str, level: str, number: str) -> dict[str, str | Promise]:
    """What is wrong, by field: a joint project has a name, and both level and number or neither."""
    if kind != LinkKind.PROJECT:
        return {}
    faults = project_fault(level, number, as_consortium=False)
    return faults if name else {"project_name": _("Name the joint project."), **faults}
