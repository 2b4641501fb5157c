"""Versions of the taxonomy: copied, edited as a draft, published by another."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, TaxonomyStatus
from consortia.models import SubField, Taxonomy, TaxonomyEntry
from consortia.models.taxonomy import DOCUMENTS
from consortia.rules.taxonomy import next_code
from consortia.workflow import TAXONOMY
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

FILES = "taxonomy"


@dataclass(frozen=True)
class Naming:
    """What a sub-field and its cluster are called."""

    cluster_zh: str
    cluster_en: str
    name_zh: str
    name_en: str


def draft_taxonomy(*, label: str, valid_from: date, actor: Any, at: datetime) -> Taxonomy:
    """A new version that begins as a copy of the newest one; without any it begins empty."""
    require(actor, "consortia.draft_taxonomy")
    with transaction.atomic():
        rows = list(Taxonomy.objects.select_for_update().order_by("-version"))
        if any(row.status == TaxonomyStatus.DRAFT for row in rows):
            raise TransitionRefused(_("A version is being drafted already; publish it first."))
        version = (Taxonomy.objects.aggregate(max=Max("version"))["max"] or 0) + 1
        taxonomy = Taxonomy.objects.create(
            version=version, label=label, valid_from=valid_from, drafted_by=actor, created_at=at
        )
        TaxonomyEntry.objects.bulk_create(_copies(taxonomy, rows[0]) if rows else [])
        audit.record(actor=actor, action=Action.DRAFT_TAXONOMY, subject=taxonomy, at=at, facts={"version": version})
    return taxonomy


def _copies(taxonomy: Taxonomy, base: Taxonomy) -> list[TaxonomyEntry]:
    return [
        TaxonomyEntry(
            taxonomy=taxonomy, sub_field_id=one.sub_field_id, roadmap_id=one.roadmap_id, timetable_id=one.timetable_id,
            task_book_id=one.task_book_id,
        )
        for one in base.entries.all()
    ]  # fmt: skip


def add_sub_field(*, taxonomy: Taxonomy, code: str, naming: Naming, actor: Any, at: datetime) -> TaxonomyEntry:
    """A sub-field that there was not before."""
    with transaction.atomic():
        draft = _draft(taxonomy, actor, "consortia.add_sub_field")
        if SubField.objects.filter(pk=code).exists():
            raise ValidationError({"code": _("This code is taken, be it in an earlier version.")})
        entry = TaxonomyEntry.objects.create(
            taxonomy=draft, sub_field=SubField.objects.create(code=code, **asdict(naming)), created_at=at
        )
        _record(draft, Action.ADD_SUB_FIELD, entry, actor, at)
    return entry


def update_sub_field(
    *,
    entry: TaxonomyEntry,
    naming: Naming,
    documents: Mapping[str, "UploadedFile[Any] | None"],
    actor: Any,
    at: datetime,
) -> TaxonomyEntry:
    """Rename it in this version and attach documents; earlier versions keep the names and documents they have."""
    with transaction.atomic():
        draft = _draft(entry.taxonomy, actor, "consortia.update_sub_field")
        row = draft.entries.select_related("sub_field").get(pk=entry.pk)
        row.sub_field = _renamed(row, naming)
        for kind in DOCUMENTS:
            if upload := documents.get(kind):
                setattr(row, kind, files.store(upload, actor=actor, kind=FILES, at=at))
        row.save()
        _record(draft, Action.UPDATE_SUB_FIELD, row, actor, at)
    return row


def _renamed(entry: TaxonomyEntry, naming: Naming) -> SubField:
    """The same row if nothing changes or only this draft knows it, else a successor."""
    field, names = entry.sub_field, asdict(naming)
    if all(getattr(field, name) == value for name, value in names.items()):
        return field
    if field.entries.exclude(pk=entry.pk).exists():
        return SubField.objects.create(code=next_code(field.code, entry.taxonomy.version), **names)
    for name, value in names.items():
        setattr(field, name, value)
    field.save()
    return field


def retire_sub_field(*, entry: TaxonomyEntry, actor: Any, at: datetime) -> Taxonomy:
    """Take it out of this version; consortia that work in it keep it."""
    with transaction.atomic():
        draft = _draft(entry.taxonomy, actor, "consortia.retire_sub_field")
        field = entry.sub_field
        draft.entries.filter(pk=entry.pk).delete()
        if not field.entries.exists():
            field.delete()
        _record(draft, Action.RETIRE_SUB_FIELD, entry, actor, at)
    return draft


def publish_taxonomy(*, taxonomy: Taxonomy, actor: Any, at: datetime, note: str = "") -> Taxonomy:
    """From its day on new consortia choose from this version."""
    with TAXONOMY.moving(taxonomy, Action.PUBLISH_TAXONOMY, actor=actor, at=at, note=note) as locked:
        locked.published_by = actor
    return taxonomy


def _draft(taxonomy: Taxonomy, actor: Any, permission: str) -> Taxonomy:
    """The locked version, which must be a draft still."""
    locked = Taxonomy.objects.select_for_update().get(pk=taxonomy.pk)
    require(actor, permission, locked)
    if locked.status != TaxonomyStatus.DRAFT:
        raise TransitionRefused(_("This version is published and stands as it is; draft a new one."))
    return locked


def _record(taxonomy: Taxonomy, action: Action, entry: TaxonomyEntry, actor: Any, at: datetime) -> None:
    facts = {"code": entry.sub_field_id, "zh": entry.sub_field.name_zh, "en": entry.sub_field.name_en}
    audit.record(actor=actor, action=action, subject=taxonomy, at=at, facts=facts)
