"""The figures of a year: stated once, corrected as versions, verified or questioned."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.enums import FigureSource, FigureStatus, Role
from members.models import PastFigures, YearFigures
from members.models.figures import STATED
from members.selectors.figures import origin, origin_facts, origin_in, origin_line, origins_of
from members.services.figures import SEEN, question_year, record_year, verify_year
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.members import make_district, make_user
from tests.personas import Personas
from tests.races import at_once
from tests.samples import pdf

FIGURES = {"revenue": Decimal(3_000_000), "rd_expense": Decimal(600_000), "staff": 50, "rd_staff": 20}
AUDITED: dict[str, Any] = {"source": FigureSource.AUDITED, "auditor": "样例会计师事务所"}


def record(people: Personas, year: int = 2022, **changes: Any) -> YearFigures:
    facts: dict[str, Any] = {"organisation": people.lead_org, "year": year, "actor": people.lead_admin, "at": NOON}
    return record_year(**{**facts, **FIGURES, **changes})


def seen_by(figures: YearFigures) -> str:
    return seen_of(YearFigures.objects.get(pk=figures.pk), SEEN)


def report() -> SimpleUploadedFile:
    return SimpleUploadedFile("审计报告.pdf", pdf(), "application/pdf")


def verify(people: Personas, figures: YearFigures, **changes: Any) -> YearFigures:
    return verify_year(**{"figures": figures, "note": "", "actor": people.district_officer, "at": NOON, **changes})


def question(people: Personas, figures: YearFigures, **changes: Any) -> YearFigures:
    facts = {"figures": figures, "reason": "与税务申报不一致", "actor": people.district_officer, "at": NOON}
    return question_year(**{**facts, **changes})


def actions(subject: Any) -> list[str]:
    return list(trail(subject).order_by("id").values_list("action", flat=True))


# --- stating and correcting --------------------------------------------------------------------
def test_figures_are_stated_with_source_person_and_time(people: Personas) -> None:
    figures = record(people)

    assert (figures.source, figures.status, figures.version) == (FigureSource.OWN, FigureStatus.STATED, 1)
    assert (figures.stated_by, figures.stated_at, figures.intensity) == (people.lead_admin, NOON, Decimal(20))
    assert AuditEntry.objects.get(action="record_year").facts["revenue"] == "3000000"


def test_a_correction_is_a_new_version_and_the_old_one_is_kept_whole(people: Personas) -> None:
    first = verify(people, record(people))

    second = record(people, revenue=Decimal(4_000_000), net_profit=Decimal(-5), at=NOON + DAY)

    assert (second.pk, second.version, second.status) == (first.pk, 2, FigureStatus.STATED)
    assert (second.revenue, second.net_profit) == (Decimal(4_000_000), Decimal(-5))
    assert (second.checked_by, second.checked_at, second.remark) == (None, None, "")
    past = PastFigures.objects.get()
    assert (past.version, past.revenue, past.status) == (1, Decimal(3_000_000), FigureStatus.VERIFIED)
    assert (past.checked_by, past.stated_at, past.replaced_at) == (people.district_officer, NOON, NOON + DAY)
    assert actions(first) == ["record_year", "verify_year", "correct_year"]
    assert trail(first).get(action="correct_year").facts["before"] == {"net_profit": None, "revenue": "3000000.00"}


def test_the_same_figures_once_more_change_nothing(people: Personas) -> None:
    verify(people, record(people))

    again = record(people, at=NOON + DAY)

    assert (again.version, again.status, again.stated_at) == (1, FigureStatus.VERIFIED, NOON)
    assert not PastFigures.objects.exists()


def test_nobody_overwrites_figures_unseen(people: Personas) -> None:
    first = record(people)
    seen = seen_by(first)
    record(people, staff=51, seen=seen)

    for stale in (seen, "new"):
        with pytest.raises(Stale) as refusal:
            record(people, staff=52, seen=stale)
        assert len(refusal.value.reasons) == 2


def test_the_document_is_kept_with_its_hash_and_stays_with_the_version(people: Personas) -> None:
    first = record(people, upload=report(), **AUDITED)
    document = first.document

    second = record(people, staff=51, **AUDITED)

    assert document is not None
    assert second.document == document
    assert (document.kind, document.owner) == ("members.document", people.lead_org.pk)
    assert trail(first).get(action="record_year").facts["document"] == document.sha256
    assert PastFigures.objects.get().document == document


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rd_staff": 51}, "rd_staff"),
        ({"source": FigureSource.AUDITED}, "auditor"),
        (AUDITED, "upload"),
    ],
)
def test_what_does_not_hold_together_is_refused_at_its_field(
    people: Personas, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        record(people, **changes)

    assert list(refusal.value.message_dict) == [field]
    assert not YearFigures.objects.filter(year=2022).exists()


def test_only_an_import_says_that_it_imported(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        record(people, source=FigureSource.IMPORT)


def test_more_for_research_than_is_earned_is_marked_and_not_refused(people: Personas) -> None:
    assert record(people, rd_expense=Decimal(3_000_001)).is_odd
    assert not record(people, year=2021).is_odd
    assert YearFigures(revenue=Decimal(0), rd_expense=Decimal(5)).intensity is None


@pytest.mark.parametrize("name", ["lead", "signatory", "rival", "officer", "district_officer", "system_admin"])
def test_only_its_administrators_state_figures(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        record(people, actor=getattr(people, name))


# --- verifying ---------------------------------------------------------------------------------
def test_the_district_is_told_and_verifies_and_the_organisation_is_told(people: Personas) -> None:
    assert people.district_officer
    figures = verify(people, record(people), note="与审计报告一致")

    assert (figures.status, figures.checked_by, figures.checked_at) == (
        FigureStatus.VERIFIED, people.district_officer, NOON
    )  # fmt: skip
    assert figures.remark == "与审计报告一致"
    told = Notification.objects.order_by("created_at", "kind").values_list("recipient__email", "kind")
    assert sorted(told) == [
        ("district@sample.test", "members.year_stated"),
        ("lead-admin@sample.test", "members.year_verified"),
    ]


@pytest.mark.parametrize(
    "name", ["lead_admin", "rival", "other_district_officer", "finance", "expert", "security_admin"]
)
def test_who_may_not_verify(people: Personas, name: str) -> None:
    figures = record(people)

    for act in (verify, question):
        with pytest.raises(PermissionDenied):
            act(people, figures, actor=getattr(people, name))


def test_nobody_verifies_what_was_stated_by_the_same_person(people: Personas) -> None:
    figures = YearFigures.objects.create(
        organisation=people.lead_org, year=2020, stated_by=people.officer, source=FigureSource.IMPORT, **FIGURES
    )

    with pytest.raises(PermissionDenied):
        verify(people, figures, actor=people.officer)
    assert verify(people, figures, actor=people.second_officer).status == FigureStatus.VERIFIED


def test_a_second_click_is_refused(people: Personas) -> None:
    figures = verify(people, record(people))

    with pytest.raises(TransitionRefused):
        verify(people, figures)


def test_questioned_figures_stand_until_they_are_corrected_or_verified(people: Personas) -> None:
    figures = question(people, record(people))

    assert (figures.status, figures.remark, figures.revenue) == (
        FigureStatus.QUESTIONED, "与税务申报不一致", Decimal(3_000_000)
    )  # fmt: skip
    assert record(people, staff=60).status == FigureStatus.STATED
    assert PastFigures.objects.get().remark == "与税务申报不一致"


def test_a_question_needs_a_reason(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        question(people, record(people), reason=" ")

    assert list(refusal.value.message_dict) == ["reason"]


def test_what_changed_meanwhile_is_not_verified(people: Personas) -> None:
    figures = record(people)
    seen = seen_by(figures)
    record(people, staff=51)

    with pytest.raises(Stale):
        verify(people, figures, seen=seen)
    figures.refresh_from_db()
    assert figures.status == FigureStatus.STATED


@pytest.mark.django_db(transaction=True)
def test_of_a_correction_and_a_verification_at_once_the_corrected_figures_are_never_verified_unseen() -> None:
    people = Personas()
    officer = people.district_officer
    figures = record(people)
    seen = seen_by(figures)

    at_once(
        lambda: record(people, revenue=Decimal(9_000_000)),
        lambda: verify(people, YearFigures.objects.get(pk=figures.pk), actor=officer, seen=seen),
    )

    figures.refresh_from_db()
    assert (figures.revenue, figures.status, figures.version) == (Decimal(9_000_000), FigureStatus.STATED, 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_state_a_year_at_once_make_one_statement_and_a_correction() -> None:
    people = Personas()
    second = make_user("admin2", "样例管理乙", (Role.ORG_ADMIN, people.lead_org))
    assert people.lead_admin

    at_once(lambda: record(people), lambda: record(people, actor=second, staff=60))

    assert YearFigures.objects.get(year=2022).version == 2
    assert PastFigures.objects.count() == 1


# --- always ------------------------------------------------------------------------------------
amounts = st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100)
versions = st.lists(st.tuples(amounts, amounts, st.integers(0, 500)), min_size=1, max_size=5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stated=versions)
def test_every_version_that_ever_stood_is_still_there(people: Personas, stated: list[Any]) -> None:
    YearFigures.objects.filter(year=2022).delete()

    for revenue, rd_expense, staff in stated:
        record(people, revenue=revenue, rd_expense=rd_expense, staff=staff, rd_staff=0)

    figures = YearFigures.objects.get(year=2022)
    kept = [*figures.past.order_by("version"), figures]
    distinct = [one for number, one in enumerate(stated) if number == 0 or one != stated[number - 1]]
    assert [(one.revenue, one.rd_expense, one.staff) for one in kept] == distinct
    assert [one.version for one in kept] == list(range(1, len(distinct) + 1))


def test_the_origin_goes_into_snapshots_and_comes_out_again(people: Personas) -> None:
    make_district()
    figures = verify(people, record(people))

    origin = origin_in({"year": 2022, **origin_facts(figures)})

    assert origin is not None
    assert (origin.year, origin.stated_at, origin.checked_at) == (2022, NOON, NOON)
    assert origin.status == FigureStatus.VERIFIED
    assert origin_in({"year": 2022, "revenue": "1.00"}) is None
    assert {name for name in STATED if name in origin_facts(figures)} == {"source"}


def test_the_origin_as_one_line_of_a_document(people: Personas, english: None) -> None:
    figures = record(people)
    said = [origin_line(origin(figures))]
    said.append(origin_line(origin(verify(people, figures))))

    own = FigureSource(figures.source).label
    assert said == [
        f"2022: {own}, stated on 2026-11-18, not verified",
        f"2022: {own}, stated on 2026-11-18, verified on 2026-11-18",
    ]
    assert [one.year for one in origins_of(people.lead_org)] == [2025, 2024, 2023]
    assert origin_in({"year": 2022, **origin_facts(figures)}) == origin(figures)
