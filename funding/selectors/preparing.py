"""What the preparation of a consortium has led to: its application."""

from django.utils.translation import gettext as _

from consortia.models import Consortium
from consortia.selectors.preparation import ONWARD, Onward
from funding.models import Application
from funding.models.application import WITH_LEAD


def handed_in(consortium: Consortium) -> Onward | None:
    """The newest application that is not in the hands of the lead, in the words of applicants."""
    rows = Application.objects.filter(consortium=consortium).without_ended().exclude(status__in=WITH_LEAD)
    newest = rows.order_by("-submitted_at").first()
    if newest is None:
        return None
    said = _("Application %(number)s: %(status)s") % {
        "number": newest.number, "status": newest.applicant_status.label
    }  # fmt: skip
    return Onward(said, newest.get_absolute_url())


ONWARD.append(handed_in)
