"""The register of what binds experts."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.enums import Action
from members.models import Expert, Relation
from members.rules.relations import RelationKind, RelationSource
from members.services.relations import record_relation, strike_relation
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.personas import Personas

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
K = RelationKind


def one(people: Personas, actor: Any = None, **facts: Any) -> Relation:
    expert = people.experts[0]
    facts = {"kind": K.DIRECTOR, "name": "样例外部公司", **facts}
    return record_relation(expert=expert, actor=actor or expert.user, at=NOON, **facts)


def test_an_expert_declares_what_binds_it(people: Personas) -> None:
    row = one(people, code=people.supplier.uscc, name="", since=date(2020, 1, 1))

    assert (row.source, row.organisation) == (RelationSource.SELF, people.supplier)
    assert trail(people.experts[0]).get(action=Action.RECORD_RELATION).facts["kind"] == K.DIRECTOR


def test_the_bureau_records_what_was_not_declared(people: Personas) -> None:
    assert one(people, people.officer, document_number="样例登记 1 号").source == RelationSource.BUREAU


@pytest.mark.parametrize("name", ["rival", "lead", "head", "finance", "supervisor", "district_officer"])
def test_nobody_else_records(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        one(people, getattr(people, name))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "91320500000000000X", "name": ""}, "code"),
        ({"name": ""}, None),
        ({"person": "样例某人"}, "person"),
        ({"percent": 5}, "percent"),
        ({"since": date(2025, 1, 2), "until": date(2025, 1, 1)}, "until"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(people: Personas, facts: Any, field: str | None) -> None:
    with pytest.raises(ValidationError):
        one(people, **facts)
    assert not Relation.objects.exists()


def test_only_the_bureau_strikes_off_once_and_for_a_reason(people: Personas) -> None:
    row = one(people)
    with pytest.raises(PermissionDenied):
        strike_relation(relation=row, actor=people.expert, reason="样例", at=NOON)
    with pytest.raises(ValidationError):
        strike_relation(relation=row, actor=people.officer, reason=" ", at=NOON)
    strike_relation(relation=row, actor=people.officer, reason="样例：登记有误。", at=NOON)

    with pytest.raises(TransitionRefused):
        strike_relation(relation=row, actor=people.officer, reason="样例", at=NOON)
    assert not Relation.objects.standing().exists()


def test_who_reads_the_register(people: Personas) -> None:
    row = one(people)
    may = {
        name: Relation.objects.visible_to(getattr(people, name)).filter(pk=row.pk).exists()
        for name in (
            "expert",
            "acceptance",
            "officer",
            "head",
            "supervisor",
            "finance",
            "rival",
            "lead",
            "system_admin",
        )
    }

    assert [name for name, reads in may.items() if reads] == ["expert", "acceptance", "officer", "head", "supervisor"]


def test_from_the_profile_to_the_register_and_back(people: Personas, sign_in: Any) -> None:
    expert, client = people.experts[0], sign_in(people.expert)
    page = reverse("members:relation-record", args=[expert.pk])
    facts = {"kind": K.KINSHIP, "person": "样例亲属", "name": "样例外部公司"}

    assert client.get(page).status_code == 200
    answer = client.post(page, facts, follow=True)

    assert "样例亲属 · 样例外部公司" in answer.content.decode()
    officer = sign_in(people.officer)
    strike = reverse("members:relation-strike", args=[Relation.objects.get().pk])
    assert officer.post(strike, {"reason": "样例：登记有误。"}).status_code == 302
    assert officer.get(strike).status_code == 404
    assert sign_in(people.finance).get(strike).status_code == 404
    assert "样例亲属" not in sign_in(people.finance).get(expert.get_absolute_url()).content.decode()


BREACHES = {
    "relation_names_one_organisation": lambda people: {"organisation": people.supplier},
    "relation_leads_somewhere": lambda _people: {"name": ""},
    "relation_between_people_names_one": lambda _people: {"person": "样例某人"},
    "relation_share_in_range": lambda _people: {"percent": 5},
    "relation_in_order": lambda _people: {"since": date(2025, 1, 2), "until": date(2025, 1, 1)},
    "relation_struck_by_whom_and_why": lambda _people: {"struck_at": NOON},
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_keeps_the_register_whole(people: Personas, name: str) -> None:
    expert: Expert = people.experts[0]
    facts = {"kind": K.DIRECTOR, "name": "样例外部公司", "source": RelationSource.SELF, "recorded_by": expert.user}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Relation.objects.create(expert=expert, **facts | BREACHES[name](people))
