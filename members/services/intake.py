"""What the rows of an import would do to organisations and their years, and doing it; many at a time."""

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext_lazy as _

from members.enums import Action, FigureSource, IdScheme, OrganisationStatus, Verdict
from members.models import ImportBatch, ImportRow, Organisation, User, YearFigures
from members.models.figures import AMOUNTS, HEADS
from members.rules.codes import is_unusual
from members.rules.intake import CHUNK, Row, chunks, differences, key_of, put, said
from members.services.figures import SEEN as FIGURES_SEEN
from members.services.figures import import_year, told
from members.services.organisations import DEREGISTERED, EDITABLE
from portal.kernel import audit
from portal.kernel.stale import seen_of

REGISTRATION = ("country", "registration_number")
WRITTEN = (*EDITABLE, *REGISTRATION)
ORGANISATION_SEEN = (*WRITTEN, "status")
NUMBERLESS = Q(id_scheme=IdScheme.FOREIGN, registration_number="")
VERIFICATION = ("verified_by", "verified_at", "verified_name", "verified_code", "verified_in")
STATED = (*AMOUNTS, *HEADS)
UNKNOWN_CODE = _("No organisation has this credit code here; import the organisations first.")
UNKNOWN_NUMBER = _("No organisation has this registration number here; import the organisations first.")


def by_code(*, codes: list[str]) -> dict[str, Organisation]:
    """The organisations with these codes or registrations abroad."""
    abroad = [code.partition(" ")[2] for code in codes if " " in code]
    found = Organisation.objects.filter(
        Q(uscc__in=codes) | Q(~Q(registration_number=""), registration_number__in=abroad)
    )
    wanted = set(codes)
    return {one.code: one for one in found if one.code in wanted}


def code_in(*, values: dict[str, str]) -> str:
    """The credit code or the whole registration abroad that a row names; empty without either."""
    abroad = [values[name] for name in REGISTRATION if name in values]
    return values.get("uscc", "") or (" ".join(abroad) if len(abroad) == len(REGISTRATION) else "")


class Intake(ABC):
    """How the rows of one kind are judged and written; `write` follows `lock`, and `tell` comes last.

    All row locks are taken before the first entry of the audit trail, which is what keeps two imports, or an import
    and a clerk, from waiting for each other; new rows are written in the order of their keys for the same reason.
    """

    group: str  # the field by which the digest counts
    seen_names: tuple[str, ...]
    subject: str  # the relation of ImportRow to what is changed

    def __init__(self, *, batch: ImportBatch, actor: User, at: datetime) -> None:
        self.batch, self.actor, self.at = batch, actor, at
        self.districts: Counter[str] = Counter()

    def rows(self, verdict: Verdict) -> QuerySet[ImportRow]:
        """The rows of a verdict in the order of their keys."""
        return self.batch.rows.filter(verdict=verdict).order_by("key")

    def chunks(self, verdict: Verdict) -> Iterator[list[ImportRow]]:
        """The same with what they are about, a few at a time."""
        return chunks(self.rows(verdict).select_related("organisation", self.subject).iterator(CHUNK))

    def stale(self) -> Iterator[ImportRow]:
        """Rows that would not do what the check said."""
        yield from self.rows(Verdict.NEW).filter(self.taken())
        for chunk in self.chunks(Verdict.CHANGED):
            yield from (row for row in chunk if seen_of(getattr(row, self.subject), self.seen_names) != row.seen)

    def judge(self, rows: list[Row]) -> Iterator[ImportRow]:
        """What each row would do now."""
        known = self.known(rows)
        for row in rows:
            subject = known.get(row.key)
            changes = self.changes(row, subject)
            if row.errors:
                verdict, changes = Verdict.WRONG, {}
            elif subject is None:
                verdict = Verdict.NEW
            else:
                verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
            yield ImportRow(
                batch=self.batch, number=row.number, verdict=verdict, key=row.key, label=row.label[:220],
                seen=seen_of(subject, self.seen_names) if subject else "", values=row.values, changes=changes,
                errors=[(name, said(error)) for name, error in row.errors], **self.about(row, subject),
            )  # fmt: skip

    def digest(self) -> str:
        """SHA-256 (hex) over the rows that make or change something, in the order of the file."""
        digest = hashlib.sha256()
        rows = self.batch.rows.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED)).order_by("number")
        for number, key, values in rows.values_list("number", "key", "values").iterator(CHUNK):
            digest.update(audit.canonical([number, key, values]).encode())
        return digest.hexdigest()

    @abstractmethod
    def known(self, rows: list[Row]) -> dict[str, Any]:
        """What stands already, by key."""

    @abstractmethod
    def changes(self, row: Row, subject: Any) -> dict[str, list[str]]:
        """What would change; may find that the row is wrong."""

    @abstractmethod
    def about(self, row: Row, subject: Any) -> dict[str, Any]:
        """The relations of the row."""

    @abstractmethod
    def taken(self) -> Exists | Q:
        """Of a new row: what it would make is there."""

    @abstractmethod
    def lock(self) -> None:
        """Take every lock there is to take."""

    @abstractmethod
    def write(self) -> None:
        """Make and change; without a word to the trail, unless nothing is left to lock."""

    @abstractmethod
    def tell(self) -> None:
        """One entry for each that was made or changed; fills `districts`."""


class Organisations(Intake):
    """Organisations by their credit code, those abroad by country and registration number."""

    group, seen_names, subject = "type", ORGANISATION_SEEN, "organisation"

    def __init__(self, *, batch: ImportBatch, actor: User, at: datetime) -> None:
        super().__init__(batch=batch, actor=actor, at=at)
        self.completed: set[Any] = set()  # those known by name alone so far, each completed by one row

    def known(self, rows: list[Row]) -> dict[str, Any]:
        found = by_code(codes=[row.key for row in rows if row.key])
        new = {row.label: row.key for row in rows if row.key not in found and "registration_number" in row.values}
        for one in Organisation.objects.filter(NUMBERLESS, name__in=new).exclude(pk__in=self.completed):
            found[new[one.name]] = one
            self.completed.add(one.pk)
        return found

    def changes(self, row: Row, subject: Organisation | None) -> dict[str, list[str]]:
        if subject is None:
            return {}
        if subject.status == OrganisationStatus.DEREGISTERED:
            row.errors.append(("uscc" if subject.uscc else "registration_number", ValidationError(DEREGISTERED)))
        return differences(subject, row.values, WRITTEN)

    def about(self, row: Row, subject: Any) -> dict[str, Any]:
        return {"organisation": subject}

    def taken(self) -> Exists | Q:
        abroad = Q(country=Substr(OuterRef("key"), 1, 2), registration_number=Substr(OuterRef("key"), 4))
        return Exists(Organisation.objects.filter(uscc=OuterRef("key"))) | Exists(
            Organisation.objects.filter(abroad, ~Q(registration_number=""))
        )

    def lock(self) -> None:
        wanted = self.rows(Verdict.CHANGED).order_by().values("organisation")
        rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
        list(rows.values_list("pk"))

    def write(self) -> None:
        for chunk in self.chunks(Verdict.CHANGED):
            changed = [self.filled(row.organisation, row) for row in chunk]
            Organisation.objects.bulk_update(changed, [*WRITTEN, *VERIFICATION])
        for chunk in self.chunks(Verdict.NEW):
            Organisation.objects.bulk_create(self.filled(self.fresh(row), row) for row in chunk)

    def fresh(self, row: ImportRow) -> Organisation:
        """With nothing but what tells who it is."""
        if "uscc" in row.values:
            return Organisation(uscc=row.key, created_at=self.at)
        return Organisation(id_scheme=IdScheme.FOREIGN, created_at=self.at)

    def filled(self, organisation: Any, row: ImportRow) -> Organisation:
        """With what the row says; verified only by official statistics."""
        put(organisation, row.values, WRITTEN)
        if organisation._state.adding and organisation.uscc and is_unusual(row.key):  # noqa: SLF001
            organisation.uscc_override = row.values["uscc_override"]
        if self.batch.source == FigureSource.STATISTICS:
            organisation.verified_by, organisation.verified_at = self.actor, self.at
            organisation.verified_name, organisation.verified_code = organisation.name, organisation.uscc or ""
            organisation.verified_in = f"{self.batch.get_source_display()}: {self.batch.file.name}"[:200]
        return organisation  # type: ignore[no-any-return]

    def tell(self) -> None:
        audit.record_all(actor=self.actor, action=Action.APPLY_IMPORT, told=self.entries(), at=self.at)

    def entries(self) -> Iterator[tuple[Organisation, dict[str, Any]]]:
        """Of what was made all that the row said, of what was changed what it was before."""
        batch = str(self.batch.pk)
        for verdict in (Verdict.NEW, Verdict.CHANGED):
            for chunk in self.chunks(verdict):
                present = by_code(codes=[row.key for row in chunk])
                for row in chunk:
                    organisation = present[row.key]
                    self.districts[organisation.district_id or ""] += 1
                    facts = row.changes if verdict == Verdict.CHANGED else {"code": row.key, **row.values}
                    yield organisation, {"import": batch, "row": row.number, **facts}


class Years(Intake):
    """Figures of years, of organisations that are here."""

    group, seen_names, subject = "year", FIGURES_SEEN, "figures"

    def known(self, rows: list[Row]) -> dict[str, Any]:
        self.here = by_code(codes=[code_in(values=row.values) for row in rows])
        stated = YearFigures.objects.filter(organisation__in=self.here.values()).select_related("organisation")
        return {key_of(one.organisation.code, str(one.year)): one for one in stated}

    def changes(self, row: Row, subject: YearFigures | None) -> dict[str, list[str]]:
        code = code_in(values=row.values)
        if code and code not in self.here:
            row.errors.append(self.unknown(row))
        if subject is None:
            return {}
        changes = differences(subject, row.values, STATED)
        return changes and {**changes, **differences(subject, {"source": self.batch.source}, ["source"])}

    def unknown(self, row: Row) -> tuple[str, ValidationError]:
        """That the organisation is not here, at the column that says which one."""
        if "uscc" in row.values:
            return "uscc", ValidationError(UNKNOWN_CODE)
        return "registration_number", ValidationError(UNKNOWN_NUMBER)

    def about(self, row: Row, subject: Any) -> dict[str, Any]:
        organisation = self.here.get(code_in(values=row.values))
        row.label = f"{organisation} {row.values.get('year', '')}" if organisation else row.label
        return {"organisation": organisation, "figures": subject}

    def taken(self) -> Exists:
        year = Cast(KeyTextTransform("year", OuterRef("values")), IntegerField())
        return Exists(YearFigures.objects.filter(organisation=OuterRef("organisation"), year=year))

    def lock(self) -> None:
        touched = self.batch.rows.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED)).order_by()
        organisations = Organisation.objects.select_for_update(no_key=True).order_by("pk")
        list(organisations.filter(pk__in=touched.values("organisation")).values_list("pk"))
        figures = YearFigures.objects.select_for_update().order_by("pk")
        list(figures.filter(pk__in=touched.values("figures")).values_list("pk"))

    def write(self) -> None:
        for chunk in self.chunks(Verdict.NEW):
            YearFigures.objects.bulk_create(self.made(row) for row in chunk)

    def made(self, row: ImportRow) -> YearFigures:
        """A first statement."""
        figures = YearFigures(
            organisation=row.organisation, year=int(row.values["year"]), source=self.batch.source,
            stated_by=self.actor, stated_at=self.at, created_at=self.at,
        )  # fmt: skip
        return put(figures, row.values, STATED)  # type: ignore[no-any-return]

    def tell(self) -> None:
        audit.record_all(actor=self.actor, action=Action.APPLY_IMPORT, told=self.entries(), at=self.at)
        for chunk in self.chunks(Verdict.CHANGED):
            for row in chunk:
                self.correct(row)

    def correct(self, row: ImportRow) -> None:
        """A new version of what stands: what the row does not name stays."""
        figures: Any = row.figures
        self.districts[row.organisation.district_id or ""] += 1  # type: ignore[union-attr]
        stated = {name: getattr(put(figures, row.values, STATED), name) for name in STATED}
        stated |= {"source": self.batch.source, "auditor": ""}
        import_year(figures=figures, actor=self.actor, at=self.at, **stated)

    def entries(self) -> Iterator[tuple[YearFigures, dict[str, Any]]]:
        """Of the first statements."""
        for chunk in self.chunks(Verdict.NEW):
            wanted = YearFigures.objects.filter(organisation__in=[row.organisation_id for row in chunk])
            present: dict[Any, YearFigures] = {
                (one.organisation_id, one.year): one for one in wanted.select_related("organisation")
            }
            for row in chunk:
                figures = present[row.organisation_id, int(row.values["year"])]
                self.districts[figures.organisation.district_id or ""] += 1
                yield figures, {"import": str(self.batch.pk), "row": row.number, **told(figures=figures)}
