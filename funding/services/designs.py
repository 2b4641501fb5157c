"""Designed forms: drafted, filled with sections, questions and test cases, published, retired, copied."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, FormStatus
from funding.models import FormVersion
from funding.rules.designs import DesignFault, read_design
from funding.workflow import FORM
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

SEEN = ("name_zh", "name_en", "data", "status")  # what an editor had before its eyes
GONE = _("This is not in the form any more; somebody may have removed it.")
Data = dict[str, Any]


# --- versions ----------------------------------------------------------------------------------
@transaction.atomic
def create_form(*, actor: User, at: datetime, code: str, name_zh: str, name_en: str) -> FormVersion:
    """Begin a form. Raises ValidationError for a code that is taken or is none."""
    require(actor, "funding.design_form")
    form = FormVersion(code=code, name_zh=name_zh, name_en=name_en, created_by=actor, created_at=at)
    form.full_clean(exclude=["published_by", "published_at"])
    form.save(force_insert=True)
    audit.record(actor=actor, action=Action.CREATE_FORM, subject=form, at=at, facts={"code": code, "version": 1})
    return form


def copy_form(*, form: FormVersion, actor: User, at: datetime) -> FormVersion:
    """Begin the next version of a published form with what it asks."""
    require(actor, "funding.design_form")
    if form.status == FormStatus.DRAFT:
        raise TransitionRefused(_("This version is still being designed; change it itself."))
    newest = FormVersion.objects.filter(code=form.code).order_by("-version").values_list("version", flat=True)[0]
    try:
        with transaction.atomic():
            made = FormVersion.objects.create(
                code=form.code, version=newest + 1, name_zh=form.name_zh, name_en=form.name_en, data=form.data,
                created_by=actor, created_at=at,
            )  # fmt: skip
            facts = {"code": made.code, "version": made.version, "from": form.version}
            audit.record(actor=actor, action=Action.CREATE_FORM, subject=made, at=at, facts=facts)
    except IntegrityError as error:
        raise TransitionRefused(_("A new version of this form is being designed already.")) from error
    return made


def publish_form(*, form: FormVersion, actor: User, at: datetime) -> FormVersion:
    """Make a version that calls can use; from then on it stays as it is."""
    with FORM.moving(form, Action.PUBLISH_FORM, actor=actor, at=at) as locked:
        locked.sha256 = audit.sha256(locked.data)
        locked.published_by, locked.published_at = actor, at
    return form


def retire_form(*, form: FormVersion, actor: User, at: datetime) -> FormVersion:
    """Offer a version to no further call; those that use it keep it."""
    with FORM.moving(form, Action.RETIRE_FORM, actor=actor, at=at):
        pass
    return form


def rename_form(
    *, form: FormVersion, actor: User, at: datetime, name_zh: str, name_en: str, seen: str = ""
) -> FormVersion:
    """Change the names of a draft."""
    with _designing(form, actor, at, seen, {"names": [name_zh, name_en]}) as (locked, _data):
        locked.name_zh, locked.name_en = name_zh, name_en
    return form


@contextmanager
def _designing(
    form: FormVersion, actor: User, at: datetime, seen: str, facts: Data
) -> Iterator[tuple[FormVersion, Data]]:
    """The locked draft and its data to be changed. Raises Stale, and ValidationError for what no form can be."""
    with transaction.atomic():
        locked = FormVersion.objects.select_for_update(of=("self",)).get(pk=form.pk)
        require(actor, "funding.design_form", locked)
        if locked.status != FormStatus.DRAFT:
            raise TransitionRefused(_("A published version stays as it is; begin a new version."))
        require_unchanged(row=locked, seen=seen, typed={}, names=SEEN)
        data = deepcopy(locked.data)
        yield locked, data
        locked.data = _whole(data)
        locked.save()
        facts = {**facts, "sha256": audit.sha256(locked.data)}
        audit.record(actor=actor, action=Action.DESIGN_FORM, subject=locked, at=at, facts=facts)
    form.refresh_from_db()
    form.__dict__.pop("design", None)


def _whole(data: Data) -> Data:
    try:
        read_design(data)
    except DesignFault as fault:
        raise ValidationError(fault.sentences) from fault
    return data


# --- sections ----------------------------------------------------------------------------------
def save_section(
    *, form: FormVersion, actor: User, at: datetime, code: str, facts: Mapping[str, Any], new: bool, seen: str = ""
) -> FormVersion:
    """Add a section at the end, or change title and hint of one."""
    with _designing(form, actor, at, seen, {"section": code, "new": new}) as (_locked, data):
        if new:
            _refuse_twice(data["sections"], code)
            data["sections"].append({"code": code, "questions": [], **facts})
        else:
            _found(data["sections"], code).update(facts)
    return form


def remove_section(*, form: FormVersion, actor: User, at: datetime, code: str, seen: str = "") -> FormVersion:
    """Take a section and its questions out of a draft."""
    with _designing(form, actor, at, seen, {"section": code, "removed": True}) as (_locked, data):
        section = _found(data["sections"], code)
        data["sections"].remove(section)
        for question in section["questions"]:
            _forget(data, question["code"])
    return form


def save_question(
    *,
    form: FormVersion,
    actor: User,
    at: datetime,
    section: str,
    question: Mapping[str, Any],
    new: bool,
    seen: str = "",
) -> FormVersion:
    """Add a question at the end of a section, or put it in the place of the one with its code."""
    code = question["code"]
    with _designing(form, actor, at, seen, {"section": section, "question": code, "new": new}) as (_locked, data):
        questions = _found(data["sections"], section)["questions"]
        if new:
            _refuse_twice([one for part in data["sections"] for one in part["questions"]], code)
            questions.append(dict(question))
        else:
            questions[questions.index(_found(questions, code))] = dict(question)
    return form


def remove_question(
    *, form: FormVersion, actor: User, at: datetime, section: str, code: str, seen: str = ""
) -> FormVersion:
    """Take a question out of a draft, and out of its test cases."""
    with _designing(form, actor, at, seen, {"section": section, "question": code, "removed": True}) as (_lock, data):
        questions = _found(data["sections"], section)["questions"]
        questions.remove(_found(questions, code))
        _forget(data, code)
    return form


def move_item(
    *, form: FormVersion, actor: User, at: datetime, section: str, question: str = "", up: bool, seen: str = ""
) -> FormVersion:
    """Move a section, or a question within its section, by one place; at the end nothing happens."""
    facts = {"section": section, "question": question, "up": up}
    with _designing(form, actor, at, seen, facts) as (_locked, data):
        rows = _found(data["sections"], section)["questions"] if question else data["sections"]
        here = rows.index(_found(rows, question or section))
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
    return form


# --- test cases --------------------------------------------------------------------------------
def save_case(*, form: FormVersion, actor: User, at: datetime, case: Mapping[str, Any], seen: str = "") -> FormVersion:
    """Add a test case, or put it in the place of the one with its code; a new one has none yet."""
    with _designing(form, actor, at, seen, {"case": case.get("name", "")}) as (_locked, data):
        if code := case.get("code"):
            data["cases"][data["cases"].index(_found(data["cases"], code))] = dict(case)
        else:
            taken = {one["code"] for one in data["cases"]}
            free = next(f"case{n}" for n in range(1, len(taken) + 2) if f"case{n}" not in taken)
            data["cases"].append({**case, "code": free})
    return form


def remove_case(*, form: FormVersion, actor: User, at: datetime, code: str, seen: str = "") -> FormVersion:
    """Take a test case out of a draft."""
    with _designing(form, actor, at, seen, {"case": code, "removed": True}) as (_locked, data):
        data["cases"].remove(_found(data["cases"], code))
    return form


# --- pieces ------------------------------------------------------------------------------------
def _found(rows: list[Data], code: str) -> Data:
    found = next((row for row in rows if row["code"] == code), None)
    if found is None:
        raise TransitionRefused(GONE)
    return found


def _refuse_twice(rows: list[Data], code: str) -> None:
    if any(row["code"] == code for row in rows):
        raise ValidationError({"code": _("The code “%(code)s” is used twice.") % {"code": code}})


def _forget(data: Data, code: str) -> None:
    """No test case speaks of a question that is gone."""
    for case in data["cases"]:
        case["answers"] = {name: value for name, value in case["answers"].items() if name != code}
        case["expected"] = {name: value for name, value in case["expected"].items() if name.partition(".")[0] != code}
