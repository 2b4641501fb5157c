"""What a submission freezes: one canonical JSON value that reviews, decisions and reports refer to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from funding.models import Application, ApplicationFile
from funding.rules import eligibility
from funding.rules.declarations import DECLARATIONS, VERSION
from funding.rules.eligibility import Finding
from funding.rules.sections import BUDGET, SECTIONS
from funding.selectors.answers import frozen_answers, whole_facts
from funding.selectors.answers import whole_consortium as whole_consortium
from funding.selectors.budgets import frozen_budget
from funding.selectors.eligibility import eligibility_facts

SCHEMA = 1
CONSORTIUM_PARTS = (
    "consortium", "lead", "members", "agreement", "technologies", "tasks", "platforms", "funds", "outcomes",
)  # fmt: skip


def compose(application: Application) -> dict[str, Any]:
    """The application as it stands: the keys of `consortium_facts`, and call, application, budget and files.

    Money is a string in yuan with two decimals, as there.
    """
    return {
        **whole_facts(application),
        "schema": SCHEMA,
        "call": _call(application),
        "application": _form(application),
        "budget": frozen_budget(application),
        "files": [_file(row) for row in application.files.select_related("attachment").order_by("created_at", "id")],
        **frozen_answers(application),
        **_avoided(application),
    }


def freeze(application: Application, *, by: Any, at: datetime, findings: list[Finding]) -> dict[str, Any]:
    """`compose` with who submitted it, when, what was declared and which deviations stood."""
    return {
        **compose(application),
        "submitted": {"by": str(by), "at": timezone.localtime(at).isoformat()},
        "declarations": declared(),
        "findings": [finding.code for finding in findings],
    }


def declared() -> dict[str, Any]:
    """The declarations with their version and the text that the signatory read."""
    return {"version": VERSION, "texts": {code: str(text) for code, text in DECLARATIONS.items()}}


def changed_parts(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """The codes of the sections and parts that differ between two snapshots, of which an old one may lack some."""
    before = old or {}
    was, now = before.get("application", {}), new.get("application", {})
    sections = [
        section.code for section in SECTIONS.values() if any(was.get(name) != now.get(name) for name in section.fields)
    ]
    parts = [part for part in (*CONSORTIUM_PARTS, BUDGET.code, "files", "avoid") if before.get(part) != new.get(part)]
    return sections + _changed_designed(before, new) + parts


def _changed_designed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The codes of the designed sections that differ, those that came or went among them."""
    was, now = ({one["code"]: one["questions"] for one in each.get("designed") or ()} for each in (old, new))
    return [code for code in {**now, **was} if was.get(code) != now.get(code)]


def check_eligibility(application: Application, at: datetime) -> list[Finding]:
    """Every finding about the application as it stands at this moment: found once of what is loaded once."""
    whole, asked = whole_consortium(application), (application.call_id, application.requested_tier, at)
    found: dict[Any, list[Finding]] = vars(whole).setdefault("findings", {})
    if asked not in found:
        facts = eligibility_facts(
            application.call, whole, application.requested_tier, whole_facts(application), timezone.localdate(at)
        )
        found[asked] = eligibility.check(facts, application.call.rules.data)
    return found[asked]


def _call(application: Application) -> dict[str, Any]:
    call = application.call
    return {
        "id": str(call.pk),
        "title": call.title,
        "year": call.year,
        "document_number": call.document_number,
        "taxonomy": call.taxonomy.version if call.taxonomy else None,
        "rules": {"code": call.rules.code, "sha256": call.rules.sha256},
    }


def _form(application: Application) -> dict[str, Any]:
    names = [name for section in SECTIONS.values() for name in section.fields if name != "requested_amount"]
    return {
        "number": application.number,
        "kind": application.kind,
        "version": application.version,
        **{name: getattr(application, name) for name in names},
        "requested_amount": f"{application.requested_amount:.2f}",
    }


def _avoided(application: Application) -> dict[str, Any]:
    """Whom it asks to keep from the review; no key where nobody is named."""
    rows = [{"kind": row.kind, "name": row.name, "reason": row.reason} for row in application.avoidances.all()]
    return {"avoid": rows} if rows else {}


def _file(row: ApplicationFile) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "label": row.label,
        "name": row.attachment.name,
        "mime": row.attachment.mime,
        "size": row.attachment.size,
        "sha256": row.attachment.sha256,
        **({"question": row.question} if row.question else {}),
    }
