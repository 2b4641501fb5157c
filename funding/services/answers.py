"""Answers to the designed form of a call: saved field by field, moved with their draft to another version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, CallStatus, FormStatus
from funding.models import Answer, Application, Call, FormVersion
from funding.rules.designs import Section
from funding.rules.wordings import in_words
from funding.selectors.effects import drafts_of
from funding.services.applications import SectionChanged, editing, tell_lead
from members.models import User
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

FORM_CHANGED = _("The call's form was changed meanwhile. Open the section again; what you typed stays on this page.")

notifications.register(
    "funding.draft_moved", _("The form of the call was changed; please look through %(number)s again."), urgent=True
)


@dataclass(frozen=True)
class Change:
    """An answer as somebody changed it: what is to be kept, and the version of it that was before its eyes."""

    value: Any
    seen: int


@dataclass
class AnswersChanged(SectionChanged):
    """Somebody saved some of the same answers meanwhile; `values` are theirs by question, in words."""

    answers: Mapping[str, tuple[int, Any]] = field(default_factory=dict)  # code → version and value that stand there
    labelled: bool = True


def save_answers(
    *,
    application: Application,
    actor: User,
    at: datetime,
    section: str,
    changes: Mapping[str, Change],
    page: str = "",
) -> Application:
    """Save what was changed in one designed section. Raises AnswersChanged, and keeps nothing of it, when one of these
    very answers was saved meanwhile otherwise, unless by the same `page`, which may have missed the reply.
    """
    with editing(application=application, actor=actor, part=section) as locked:
        asked = _asked(locked, section, changes)
        rows = {row.question: row for row in locked.answers.filter(question__in=changes).select_related("saved_by")}
        _refuse_changed(asked, rows, changes, page)
        fresh = {code: one for code, one in changes.items() if code not in rows or rows[code].value != one.value}
        if fresh:
            _keep(locked, fresh, actor, at, section, page)
    application.refresh_from_db()
    return application


def _asked(application: Application, code: str, changes: Mapping[str, Change]) -> Section:
    section = application.designed_section(code)
    if section is None or set(changes) - {question.code for question in section.typed}:
        raise TransitionRefused(FORM_CHANGED)
    return section


def _refuse_changed(section: Section, rows: Mapping[str, Answer], changes: Mapping[str, Change], page: str) -> None:
    newer = {
        code: row
        for code, row in rows.items()
        if row.version > changes[code].seen and row.value != changes[code].value and not (page and page == row.page)
    }
    if not newer:
        return
    last = max(newer.values(), key=lambda row: row.version)
    asked = {question.code: question for question in section.questions}
    words = {asked[code].heading: in_words(asked[code], row.value).plain for code, row in newer.items()}
    answers = {code: (row.version, row.value) for code, row in newer.items()}
    raise AnswersChanged(words, last.version, str(last.saved_by), last.saved_at, answers)


def _keep(
    locked: Application, changes: Mapping[str, Change], actor: User, at: datetime, section: str, page: str
) -> None:
    locked.version += 1
    Answer.objects.bulk_create(
        [
            Answer(application=locked, question=code, value=one.value, version=locked.version, saved_by=actor,
                   saved_at=at, page=page, created_at=at)
            for code, one in sorted(changes.items())
        ],
        update_conflicts=True, unique_fields=["application", "question"],
        update_fields=["value", "version", "saved_by", "saved_at", "page"],
    )  # fmt: skip
    saved = {"version": locked.version, "by": str(actor), "at": at.isoformat()}
    locked.sections[section] = {**saved, "page": page} if page else saved
    locked.save(update_fields=["version", "sections"])
    facts = {"section": section, "version": locked.version, "changed": sorted(changes)}
    audit.record(actor=actor, action=Action.EDIT, subject=locked, at=at, facts=facts)


# --- another version ---------------------------------------------------------------------------
@transaction.atomic
def move_drafts(
    *, call: Call, actor: User, at: datetime, form_version: FormVersion | None, note: str
) -> list[Application]:
    """Let a published call go by another version of its form, and its drafts with it; what was submitted stays.

    No answer is deleted: one that the new version does not ask for is kept aside.
    """
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.move_drafts", locked)
    _refuse_move(locked, form_version, note)
    drafts = list(drafts_of(locked).select_for_update(of=("self",)).order_by("pk"))
    before = locked.form_version
    locked.form_version = form_version
    locked.save(update_fields=["form_version"])
    facts = {"from": str(before or ""), "to": str(form_version or "")}
    for draft in drafts:
        draft.form_version = form_version
        draft.save(update_fields=["form_version"])
    told = [(draft, facts) for draft in drafts]
    audit.record(actor=actor, action=Action.MOVE_DRAFTS, subject=locked, at=at, note=note,
                 facts={**facts, "drafts": len(drafts)})  # fmt: skip
    audit.record_all(actor=actor, action=Action.MOVE_DRAFTS, told=told, at=at, note=note)
    for draft in drafts:
        tell_lead(application=draft, kind="funding.draft_moved", at=at)
    call.refresh_from_db()
    return drafts


def _refuse_move(call: Call, form_version: FormVersion | None, note: str) -> None:
    if call.status != CallStatus.PUBLISHED:
        raise TransitionRefused(_("Only a published call has drafts to move; choose the form of a draft call in it."))
    if form_version and form_version.status != FormStatus.PUBLISHED:
        raise TransitionRefused(_("Only a published version can be used."))
    if call.form_version == form_version:
        raise TransitionRefused(_("The call goes by this version already."))
    if not note.strip():
        raise TransitionRefused(_("Please give a reason."))
