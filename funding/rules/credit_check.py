"""The list of the integrity check: integrity, credit, double funding, money to be paid back."""

from django.utils.translation import gettext_lazy as _

from funding.rules.formal_check import Text

ITEMS: dict[str, Text] = {
    "integrity": _("No serious integrity record of the lead or a member is in force"),
    "lesser": _("The lesser integrity records in force do not speak against funding"),
    "credit": _("The credit data of the lead do not speak against funding"),
    "duplicate": _("The same content is not paid for elsewhere"),
    "recoveries": _("Neither the lead nor a member still has to pay back funds"),
}
