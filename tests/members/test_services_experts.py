"""The expert pool: entering, the yearly word, suspension, leaving; who may, and two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.enums import Action, ExpertKind, ExpertStatus, IntegrityLevel, Region, Role, TitleLevel
from members.models import Expert, IntegrityRecord, User
from members.rules.experts import CHECKLIST, warnings
from members.selectors.experts import obstacles, standing
from members.services import experts as services
from members.workflow import EXPERT
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_review
from tests.factories.members import give, make_expert, make_user
from tests.personas import Personas
from tests.races import at_once, refusals

S = ExpertStatus
pytestmark = pytest.mark.usefixtures("english")
ENTERING = (S.APPLIED, S.NOMINATED, S.UNIT_CONFIRMED, S.ENTRY_CHECKED)


def profile(**changes: Any) -> dict[str, Any]:
    facts = {"kind": ExpertKind.TECHNOLOGY, "hnte_fields": ["40"], "fields": [], "title_level": TitleLevel.SENIOR,
             "born": 1975, "region": Region.CITY, "yearly_limit": 10}  # fmt: skip
    return facts | changes


def works(code: str = "", name: str = "", since: date = date(2020, 3, 1)) -> dict[str, Any]:
    return {"code": code, "name": name, "position": "研究员", "since": since}


def applied(people: Personas, **employer: Any) -> Expert:
    """The confirmer of the university asks to enter."""
    place = employer or {"code": people.university.uscc}
    return services.apply_expert(actor=people.university_confirmer, at=NOON, employer=works(**place), **profile())


def in_state(people: Personas, status: ExpertStatus, **facts: Any) -> Expert:
    """An expert with the role, employed by the university, in this state."""
    base = {
        S.NOMINATED: {"nominated_by": people.officer},
        S.ENTRY_CHECKED: {"checked_by": people.officer, "checked_at": NOON},
        S.SUSPENDED: {"ground": "样例"},
        S.REMOVED: {"ground": "样例"},
    }.get(status, {})
    return make_expert("candidate", "专家丁01", status=status, employer=people.university, **{**base, **facts})


def overdue_notices() -> list[tuple[str, str]]:
    rows = Notification.objects.filter(kind="members.expert_overdue").order_by("recipient__name")
    return [(row.recipient.name, row.url) for row in rows]


# --- the table ---------------------------------------------------------------------------------
TABLE = {
    S.APPLIED: {"confirm_expert", "record_expert", "remove_expert", "leave_pool"},
    S.NOMINATED: {"confirm_expert", "record_expert", "remove_expert", "leave_pool"},
    S.UNIT_CONFIRMED: {"check_expert", "remove_expert", "leave_pool"},
    S.ENTRY_CHECKED: {"admit_expert", "remove_expert", "leave_pool"},
    S.ACTIVE: {"suspend_expert", "remove_expert", "leave_pool"},
    S.SUSPENDED: {"resume_expert", "expert_suspension_over", "remove_expert"},
    S.REMOVED: {"apply_expert"},
}
TARGETS = {
    "apply_expert": S.APPLIED,
    "confirm_expert": S.UNIT_CONFIRMED,
    "record_expert": S.UNIT_CONFIRMED,
    "check_expert": S.ENTRY_CHECKED,
    "admit_expert": S.ACTIVE,
    "suspend_expert": S.SUSPENDED,
    "resume_expert": S.ACTIVE,
    "expert_suspension_over": S.ACTIVE,
    "remove_expert": S.REMOVED,
    "leave_pool": S.REMOVED,
}


@pytest.mark.parametrize("status", list(S))
def test_what_follows_from_each_state(status: ExpertStatus) -> None:
    assert {action for action, one in EXPERT.transitions.items() if status in one.sources} == TABLE[status]


def test_where_each_step_leads() -> None:
    assert {str(action): one.target for action, one in EXPERT.transitions.items()} == TARGETS


MAY = {
    "university_admin": {S.APPLIED: {"confirm_expert"}, S.NOMINATED: {"confirm_expert"}},
    "officer": {S.UNIT_CONFIRMED: {"check_expert"}},
    "head": {status: {"remove_expert"} for status in set(S) - {S.REMOVED}}
    | {S.ENTRY_CHECKED: {"admit_expert", "remove_expert"}, S.ACTIVE: {"suspend_expert", "remove_expert"},
       S.SUSPENDED: {"resume_expert", "remove_expert"}},
    "candidate": {status: {"leave_pool"} for status in (*ENTERING, S.ACTIVE)} | {S.REMOVED: {"apply_expert"}},
}  # fmt: skip


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize(
    "name", ["university_admin", "officer", "head", "candidate", "acceptance", "supervisor", "leader", "lead_admin"]
)
def test_who_may_do_what_in_which_state(people: Personas, name: str, status: ExpertStatus) -> None:
    admin = make_user("uni-admin", "样例管理乙", (Role.ORG_ADMIN, people.university))
    expert = in_state(people, status)
    user = {"university_admin": admin, "candidate": expert.user}.get(name) or getattr(people, name)

    assert set(EXPERT.available(expert, user, NOON)) == MAY.get(name, {}).get(status, set())


# --- entering ----------------------------------------------------------------------------------
def test_the_whole_way_into_the_pool(people: Personas) -> None:
    admin = make_user("uni-admin", "样例管理乙", (Role.ORG_ADMIN, people.university))
    assert people.officer != people.head  # both are there to be told
    expert = applied(people)

    services.confirm_expert(expert=expert, actor=admin, at=NOON)
    services.check_expert(expert=expert, ticked=list(CHECKLIST), note="", actor=people.officer, at=NOON)
    services.admit_expert(expert=expert, actor=people.head, at=NOON)

    expert.refresh_from_db()
    assert (expert.status, expert.employer, expert.admitted_at) == (S.ACTIVE, people.university, NOON)
    assert User.objects.get(pk=expert.user_id).roles == {Role.CONFIRMER, Role.EXPERT}
    assert list(Expert.objects.assignable(NOON)) == [expert]
    assert [entry.action for entry in trail(expert)][::-1] == [
        Action.APPLY_EXPERT, Action.CONFIRM_UNIT, Action.CHECK_ENTRY, Action.ADMIT_EXPERT
    ]  # fmt: skip
    assert sorted(Notification.objects.values_list("recipient__email", "kind")) == sorted([
        (admin.email, "members.expert_to_confirm"),
        (people.officer.email, "members.expert_to_check"),
        (people.head.email, "members.expert_to_admit"),
        (expert.user.email, "members.granted.EXPERT"),
        (expert.user.email, "members.expert_admitted"),
    ])  # fmt: skip


def test_the_officer_records_the_word_of_an_employer_outside_the_portal(people: Personas) -> None:
    people.officer  # noqa: B018
    expert = applied(people, name="样例外地研究院")
    with pytest.raises(ValidationError):
        services.record_expert(expert=expert, source=" ", actor=people.officer, at=NOON)

    services.record_expert(expert=expert, source="函〔2026〕3号", actor=people.officer, at=NOON)

    assert (expert.status, expert.unit_source, expert.employer) == (S.UNIT_CONFIRMED, "函〔2026〕3号", None)
    assert set(Notification.objects.values_list("kind", flat=True)) == {
        "members.expert_to_record", "members.expert_to_check"
    }  # fmt: skip


def test_the_officer_does_not_speak_for_an_employer_that_can(people: Personas) -> None:
    make_user("uni-admin", "样例管理乙", (Role.ORG_ADMIN, people.university))

    with pytest.raises(TransitionRefused):
        services.record_expert(expert=applied(people), source="函", actor=people.officer, at=NOON)


def test_nobody_confirms_oneself(people: Personas) -> None:
    expert = applied(people)
    give(people.university_confirmer, Role.ORG_ADMIN, people.university)

    with pytest.raises(PermissionDenied):
        services.confirm_expert(expert=expert, actor=people.university_confirmer, at=NOON)
    services.record_expert(expert=expert, source="函", actor=people.officer, at=NOON)
    assert expert.status == S.UNIT_CONFIRMED


def test_whoever_checked_does_not_admit(people: Personas) -> None:
    expert = in_state(people, S.ENTRY_CHECKED, checked_by=people.head)

    with pytest.raises(PermissionDenied):
        services.admit_expert(expert=expert, actor=people.head, at=NOON)


@pytest.mark.parametrize("missing", list(CHECKLIST))
def test_every_point_of_the_checklist_must_hold(people: Personas, missing: str) -> None:
    expert = in_state(people, S.UNIT_CONFIRMED)

    with pytest.raises(ValidationError) as refusal:
        services.check_expert(expert=expert, ticked=set(CHECKLIST) - {missing}, note="x", actor=people.officer, at=NOON)
    assert list(refusal.value.error_dict) == [missing]
    assert Expert.objects.get().status == S.UNIT_CONFIRMED


@pytest.mark.parametrize(
    ("title", "born", "found"),
    [
        (TitleLevel.SENIOR, 1961, []),
        (TitleLevel.ASSOCIATE, None, []),
        (TitleLevel.SENIOR, 1960, ["Older than 65."]),
        (TitleLevel.OTHER, 1980, ["No senior or associate senior title."]),
    ],
)
def test_what_warns(title: str, born: int | None, found: list[str]) -> None:
    assert [str(text) for text in warnings(title_level=title, born=born, on=NOON.date())] == found


def test_a_warning_is_explained_and_bars_nobody(people: Personas) -> None:
    expert = in_state(people, S.UNIT_CONFIRMED, born=1950)
    act = {"expert": expert, "ticked": list(CHECKLIST), "actor": people.officer, "at": NOON}
    with pytest.raises(ValidationError) as refusal:
        services.check_expert(note=" ", **act)

    services.check_expert(note="返聘院士", **act)

    assert list(refusal.value.error_dict) == ["note"]
    entry = trail(expert).first()
    assert entry is not None
    assert (expert.status, entry.note, entry.facts["warnings"]) == (S.ENTRY_CHECKED, "返聘院士", ["Older than 65."])


@pytest.mark.parametrize("name", ["officer", "head", "system_admin"])
def test_officials_and_administrators_do_not_apply(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        services.apply_expert(actor=getattr(people, name), at=NOON, employer=works(name="样例"), **profile())


@pytest.mark.parametrize(
    ("employer", "facts", "field"),
    [
        ({"code": "", "name": ""}, {}, "code"),
        ({"code": "91320599MA0000000X", "name": "样例"}, {}, "name"),
        ({"code": "91320599MA0000000X"}, {}, "code"),
        ({"name": "样例"}, {"hnte_fields": []}, "hnte_fields"),
    ],
)
def test_a_bad_application_leaves_nothing(people: Personas, employer: Any, facts: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.apply_expert(actor=people.lead, at=NOON, employer=works(**employer), **profile(**facts))

    assert list(refusal.value.error_dict) == [field]
    assert Expert.objects.count() == 0


def test_the_second_application_is_refused_until_somebody_has_left(people: Personas) -> None:
    expert = applied(people)
    with pytest.raises(TransitionRefused):
        applied(people)

    services.leave_pool(expert=expert, actor=expert.user, at=NOON)
    later = works(code=people.university.uscc or "", since=date(2021, 1, 1))
    services.apply_expert(actor=expert.user, at=NOON + DAY, employer=later, **profile(born=1980))

    expert.refresh_from_db()
    assert (expert.status, expert.born, expert.ground) == (S.APPLIED, 1980, "")
    assert [one.until for one in expert.employments.all()] == [None, date(2020, 12, 31)]


def test_a_nominee_states_its_own_data_first(people: Personas) -> None:
    admin = make_user("uni-admin", "样例管理乙", (Role.ORG_ADMIN, people.university))
    nominee = people.university_confirmer
    expert = services.nominate_expert(
        email=nominee.email.upper(), kind=ExpertKind.FINANCE, note="懂财务", actor=admin, at=NOON
    )
    services.employ_expert(expert=expert, actor=nominee, at=NOON, **works(code=people.university.uscc or ""))
    expert.refresh_from_db()
    with pytest.raises(TransitionRefused):
        services.confirm_expert(expert=expert, actor=admin, at=NOON)

    services.refresh_expert(expert=expert, actor=nominee, at=NOON, **profile())
    services.confirm_expert(expert=expert, actor=admin, at=NOON)

    assert (expert.status, expert.nominated_by) == (S.UNIT_CONFIRMED, admin)


@pytest.mark.parametrize(
    ("actor", "nominee", "allowed"),
    [
        ("officer", "lead", True),
        ("head", "rival", True),
        ("lead_admin", "lead", True),
        ("lead_admin", "rival", False),
        ("lead_admin", "lead_admin", False),
        ("officer", "leader", False),
        ("officer", "expert", False),
    ],
)
def test_who_nominates_whom(people: Personas, actor: str, nominee: str, allowed: bool) -> None:
    act = {"email": getattr(people, nominee).email, "kind": ExpertKind.TECHNOLOGY, "note": "样例", "at": NOON}
    if allowed:
        expert = services.nominate_expert(actor=getattr(people, actor), **act)
        assert (expert.status, expert.user) == (S.NOMINATED, getattr(people, nominee))
    else:
        with pytest.raises(ValidationError) as refusal:
            services.nominate_expert(actor=getattr(people, actor), **act)
        assert list(refusal.value.error_dict) == ["email"]


def test_an_applicant_nominates_nobody(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        services.nominate_expert(
            email=people.signatory.email, kind=ExpertKind.LEGAL, note="样例", actor=people.lead, at=NOON
        )


# --- the yearly word ---------------------------------------------------------------------------
def test_data_are_overdue_after_a_year(people: Personas) -> None:
    expert = make_expert("old", "专家丁02", refreshed_at=NOON - timedelta(days=366))
    fresh = make_expert("fresh", "专家丁03", refreshed_at=NOON - timedelta(days=364))
    assert (list(Expert.objects.overdue(NOON)), expert.is_overdue(NOON), fresh.is_overdue(NOON)) == (
        [expert], True, False
    )  # fmt: skip

    services.refresh_expert(expert=expert, actor=expert.user, at=NOON, **profile(yearly_limit=4))

    expert.refresh_from_db()
    assert (list(Expert.objects.overdue(NOON)), expert.yearly_limit, expert.hnte_fields) == ([], 4, ["40"])


def test_whoever_is_overdue_is_asked_once_until_the_next_year(people: Personas) -> None:
    expert = make_expert("late", "专家丁03", refreshed_at=NOON - 366 * DAY)
    make_expert("fresh", "专家丁04")
    make_expert("gone", "专家丁05", status=S.REMOVED, ground="样例", refreshed_at=NOON - 400 * DAY)

    assert (services.remind_overdue(at=NOON), services.remind_overdue(at=NOON + DAY)) == (1, 0)
    assert overdue_notices() == [("专家丁03", "/members/experts/own/refresh/")]

    services.refresh_expert(expert=expert, actor=expert.user, at=NOON + 2 * DAY, **profile())
    assert services.remind_overdue(at=NOON + 3 * DAY) == 0
    Expert.objects.exclude(pk=expert.pk).delete()
    assert services.remind_overdue(at=NOON + 400 * DAY) == 1


def test_whose_account_is_closed_is_not_asked(people: Personas) -> None:
    expert = make_expert("late", "专家丁03", refreshed_at=NOON - 366 * DAY)
    User.objects.filter(pk=expert.user_id).update(is_active=False)

    assert services.remind_overdue(at=NOON) == 0


def test_nobody_writes_somebody_elses_profile(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        services.refresh_expert(expert=people.experts[0], actor=people.officer, at=NOON, **profile())


def test_a_new_employer_ends_the_one_before(people: Personas) -> None:
    expert = people.experts[0]
    services.employ_expert(expert=expert, actor=expert.user, at=NOON, **works(name="样例旧东家"))
    new = works(code=people.university.uscc or "", since=date(2025, 9, 1))
    services.employ_expert(expert=expert, actor=expert.user, at=NOON, **new)

    expert.refresh_from_db()
    assert expert.employer == people.university
    assert [(str(one), one.since, one.until) for one in expert.employments.all()] == [
        (people.university.name, date(2025, 9, 1), None),
        ("样例旧东家", date(2020, 3, 1), date(2025, 8, 31)),
    ]
    with pytest.raises(ValidationError):
        services.employ_expert(expert=expert, actor=expert.user, at=NOON, **{**new, "since": date(2025, 9, 1)})


# --- standing ----------------------------------------------------------------------------------
def why(expert: Expert) -> list[str]:
    return [str(reason) for reason in obstacles(standing(expert, NOON))]


def test_an_active_expert_may_be_drawn(people: Personas) -> None:
    expert = people.experts[0]

    assert (why(expert), expert in Expert.objects.assignable(NOON)) == ([], True)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"status": S.SUSPENDED, "ground": "样例"}, "Suspended."),
        ({"status": S.REMOVED, "ground": "样例"}, "Not admitted to the pool."),
        ({"status": S.APPLIED}, "Not admitted to the pool."),
    ],
)
def test_out_of_the_pool_nobody_is_drawn(people: Personas, facts: Any, reason: str) -> None:
    expert = make_expert("out", "专家丁04", **facts)

    assert (why(expert), list(Expert.objects.assignable(NOON))) == ([reason], [])


def test_without_role_account_or_clean_employer_nobody_is_drawn(people: Personas) -> None:
    expert = make_expert("out", "专家丁05", employer=people.university)
    expert.user.role_grants.update(revoked_at=NOON)
    User.objects.filter(pk=expert.user_id).update(is_active=False)
    IntegrityRecord.objects.create(
        organisation=people.university, level=IntegrityLevel.GRAVE, behaviour="样例", source="样例",
        effective_from=date(2026, 1, 1),
    )  # fmt: skip

    assert list(Expert.objects.assignable(NOON)) == []
    assert why(expert) == [
        "The account is deactivated.",
        "The role of an expert was revoked.",
        "The employer is barred by an integrity record.",
    ]


def test_the_limit_counts_the_reviews_of_the_calendar_year(people: Personas) -> None:
    expert = make_expert("busy", "专家丁06", yearly_limit=1)
    application = make_application(people, "REVIEWING", consortium=ready_consortium(people))
    review = make_review(application, expert, people)
    for assigned_at, count in (
        (NOON, 1),
        (NOON.replace(year=2025), 0),
        (NOON.replace(year=2025, month=12, day=31, hour=17), 1),
    ):
        type(review).objects.filter(pk=review.pk).update(assigned_at=assigned_at)
        assert standing(expert, NOON).reviews_this_year == count  # type: ignore[attr-defined]
        assert list(Expert.objects.assignable(NOON)) == ([] if count else [expert])
    assert why(expert) == ["The limit of reviews this year is reached."]


def test_a_recused_review_counts_nothing(people: Personas) -> None:
    expert = make_expert("free", "专家丁07", yearly_limit=1)
    application = make_application(people, "REVIEWING", consortium=ready_consortium(people))
    make_review(application, expert, people, "RECUSED")

    assert list(Expert.objects.assignable(NOON)) == [expert]


def test_assignable_costs_one_query(people: Personas, django_assert_num_queries: Any) -> None:
    assert len(people.experts) == 3
    with django_assert_num_queries(1):
        list(Expert.objects.assignable(NOON))


# --- suspension and leaving --------------------------------------------------------------------
def test_a_suspension_ends_by_itself_after_its_last_day(people: Personas) -> None:
    expert = people.experts[0]
    until = NOON.date() + DAY
    services.suspend_expert(expert=expert, reason="逾期", until=until, actor=people.head, at=NOON)
    assert (services.end_suspensions(at=NOON + DAY), expert.ground, expert.suspended_until) == (0, "逾期", until)

    assert services.end_suspensions(at=NOON + 2 * DAY) == 1

    expert.refresh_from_db()
    assert (expert.status, expert.ground, expert.suspended_until) == (S.ACTIVE, "", None)
    assert list(Notification.objects.values_list("kind", flat=True).order_by("created_at")) == [
        "members.expert_suspended", "members.expert_resumed"
    ]  # fmt: skip


def test_a_suspension_needs_a_reason_and_a_day_to_come(people: Personas) -> None:
    act = {"expert": people.experts[0], "actor": people.head, "at": NOON}
    with pytest.raises(ValidationError) as no_reason:
        services.suspend_expert(reason=" ", until=None, **act)
    with pytest.raises(ValidationError) as past:
        services.suspend_expert(reason="逾期", until=NOON.date() - DAY, **act)

    assert (list(no_reason.value.error_dict), list(past.value.error_dict)) == (["reason"], ["until"])


def test_the_head_ends_a_suspension_early(people: Personas) -> None:
    expert = in_state(people, S.SUSPENDED)

    services.resume_expert(expert=expert, reason="已整改", actor=people.head, at=NOON)

    assert (expert.status, list(Expert.objects.assignable(NOON))) == (S.ACTIVE, [expert])


def test_removal_takes_the_role(people: Personas) -> None:
    expert = people.experts[0]

    services.remove_expert(expert=expert, reason="违规", actor=people.head, at=NOON)

    assert (expert.status, expert.ground, User.objects.get(pk=expert.user_id).roles) == (S.REMOVED, "违规", set())
    assert set(Notification.objects.values_list("kind", flat=True)) == {
        "members.expert_removed", "members.revoked.EXPERT"
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_check_at_once_one_stands() -> None:
    people = Personas()
    expert = in_state(people, S.UNIT_CONFIRMED)
    officers = [people.officer, people.second_officer]

    results = at_once(*(
        lambda one=one: services.check_expert(
            expert=Expert.objects.get(pk=expert.pk), ticked=list(CHECKLIST), note="", actor=one, at=NOON
        )
        for one in officers
    ))  # fmt: skip

    expert.refresh_from_db()
    assert (refusals(results), expert.status, expert.checked_by in officers) == (1, S.ENTRY_CHECKED, True)
    assert trail(expert).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_applications_at_once_one_stands() -> None:
    people = Personas()
    person = people.lead

    results = at_once(*(
        lambda: services.apply_expert(
            actor=User.objects.get(pk=person.pk), at=NOON, employer=works(name="样例"), **profile()
        )
        for _ in range(2)
    ))  # fmt: skip

    assert (refusals(results), Expert.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once() -> None:
    make_expert("late", "专家丁03", refreshed_at=NOON - 366 * DAY)

    results = at_once(*[lambda: services.remind_overdue(at=NOON)] * 2)

    assert (refusals(results), len(overdue_notices())) == (0, 1)
