"""What the signatory declares at submission. A changed text gets a new version."""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-1"

DECLARATIONS = {
    "authenticity": _("Everything stated in this application and its files is true, complete and lawfully obtained."),
    "integrity": _(
        "The lead and every member keep the rules of research integrity; none is under a sanction that bars it."
    ),
    "no_duplicate": _("No other fiscal funds were received or applied for to pay for the same content."),
    "personal_data": _(
        "The persons named have agreed to the handling of their personal data for application, review and supervision; "
        "the application contains no state secret."
    ),
}
