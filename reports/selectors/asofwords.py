"""The facts of the audit trail in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DecimalField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import CheckResult
from funding.rules.formal_check import ITEMS
from funding.selectors.readings import PARTS
from members.enums import Role
from members.models import Expert
from portal.kernel.templatetags.ui import NOTHING, cn_date, plain, wan
from reports.enums import Grade, Veto

Text = str | Promise
Facts = Mapping[str, Any]

# What no field of the object says; what is in neither is an id or a seed that tells a reader nothing, and is left out.
NAMES: dict[str, Text] = {
    "sha256": _("Fingerprint (SHA-256)"),
    "snapshot_hash": _("Fingerprint (SHA-256)"),
    "previous_sha256": _("Fingerprint before (SHA-256)"),
    "changed": _("Changed"),
    "items": _("Formal check"),
    "method": _("How the experts were found"),
    "experts": _("Experts"),
    "expert": _("Expert"),
    "tier": _("Tier"),
    "amount": _("Amount"),
    "by_rule": _("Proposal by the rules"),
    "dispersed": _("Opinions lie far apart"),
    "rationale": _("Rationale"),
    "reason": _("Reason"),
    "reasons": _("Reasons"),
    "document": _("Approval document"),
    "section": _("Section"),
    "version": _("Version"),
    "name": _("File"),
    "file": _("File"),
    "label": _("What it is"),
    "metric": _("Indicator"),
    "consequences": _("Consequences"),
    "held": _("Tranches on hold"),
    "year": _("Year"),
    "rules": _("Rule set"),
    "by": _("Organisation"),
    "role": _("Role"),
    "voucher": _("Voucher number"),
    "paid_on": _("Paid on"),
    "received_on": _("Received on"),
}
PEOPLE = ("expert", "experts")
TWICE = {"sha256", "tier", "amount"}  # stand under a fuller name too, with the same value
WORDS: dict[str, Mapping[str, Text]] = {
    "tier": dict(Tier.choices),
    "grade": dict(Grade.choices),
    "veto": dict(Veto.choices),
    "section": PARTS,
    "changed": PARTS,
    "role": dict(Role.choices),
    "method": {"draw": _("Drawn by lot"), "choice": _("Chosen by the officer")},
}
DONE: dict[str, Text] = {
    "rectify": _("The consortium rectifies"),
    "revocation_due": _("Revocation is to be decided"),
    "condition_met": _("Tranche %(n)s may be requested"),
    "held": _("Tranche %(n)s is on hold"),
}


def in_words(subject: str, facts: Facts, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headings and values; `subject` is the label of the model that the facts are about, `names` those of experts."""
    found = []
    for name, value in facts.items():
        heading = _heading(subject, name)
        if heading and not (name in TWICE and _stands_twice(name, value, facts)):
            told = _people(value, names) if name in PEOPLE and value else _value(_field(subject, name), name, value)
            found.append((heading, told))
    return found


def expert_names(many: Iterable[Facts]) -> dict[str, str]:
    """The names of the experts that stand in these facts by their ids, in one question."""
    given = (str(one) for facts in many for name in PEOPLE for one in _list(facts.get(name)))
    ids = [UUID(one) for one in given if re.fullmatch(r"[0-9a-f-]{36}", one)]
    people = Expert.objects.select_related("user").in_bulk(ids) if ids else {}
    return {str(pk): str(expert) for pk, expert in people.items()}


def _stands_twice(name: str, value: Any, facts: Facts) -> bool:
    return any(other != name and facts[other] == value for other in facts if other not in TWICE)


def _people(value: Any, names: Mapping[str, str]) -> str:
    return _listed([names[str(one)] for one in _list(value) if str(one) in names])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _listed(texts: list[str]) -> str:
    return gettext(", ").join(texts) or NOTHING


def _field(subject: str, name: str) -> Any:
    try:
        return apps.get_model(subject)._meta.get_field(name)  # noqa: SLF001
    except (FieldDoesNotExist, LookupError, ValueError):  # an entry may be about no object at all
        return None


def _heading(subject: str, name: str) -> str:
    """Empty for what is left out."""
    field = _field(subject, name)
    if name not in NAMES and (field is None or field.is_relation):
        return ""
    return _name(name, NAMES.get(name) or field.verbose_name)


def _name(name: str, heading: Text) -> str:
    return gettext("%(name)s (×10k yuan)") % {"name": heading} if name.endswith("amount") else str(heading)


def _value(field: Any, name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    if name.endswith("amount"):
        return wan(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dict):
        return _listed([f"{_name(one, NAMES[one])} {_value(None, one, value[one])}" for one in value if one in NAMES])
    if isinstance(value, list):
        return gettext("; ").join(_item(name, one) for one in value)
    return _single(field, name, str(value))


def _single(field: Any, name: str, value: str) -> str:
    words = dict(getattr(field, "flatchoices", ())) or WORDS.get(name, {})
    if value in words:
        return str(words[value])
    if isinstance(field, DateField) or name.endswith("_on"):
        return cn_date(date.fromisoformat(value[:10]))
    return plain(Decimal(value)) if isinstance(field, DecimalField) else value


def _item(name: str, value: Any) -> str:
    """One of a list: a line of the formal check, something that was done, or a code."""
    if isinstance(value, dict):
        results = {code: str(label) for code, label in CheckResult.choices}
        code, result = str(value.get("code", "")), str(value.get("result", ""))
        return gettext("%(item)s: %(result)s") % {"item": ITEMS.get(code, code), "result": results.get(result, NOTHING)}
    code, _colon, number = str(value).partition(":")
    if code in DONE:
        return str(DONE[code]) % {"n": number}
    return str(WORDS.get(name, {}).get(code, value))
