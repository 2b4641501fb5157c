"""Awards, the plan of tranches, the contract offer."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from consortia.enums import Tier
from funding.enums import ApplicationStatus, ContractStatus, TrancheCondition
from funding.models import Award
from funding.services.awards import create_award
from tests.clock import NOON
from tests.factories.funding import make_application, make_award
from tests.personas import Personas


def grant(people: Personas, **facts: object) -> Award:
    application = make_application(people, ApplicationStatus.APPROVED, **facts)
    with transaction.atomic():
        return create_award(application=application, actor=people.leader, document_number="样科〔2026〕9号", at=NOON)


def test_the_award_is_what_was_decided(people: Personas) -> None:
    award = grant(people)

    assert (award.tier, award.amount, award.year) == (Tier.A, Decimal("1550000.00"), 2026)


@pytest.mark.parametrize("amount", ["1550000.00", "1000000.01", "999999.99"])
def test_tranches_sum_to_the_award_to_the_cent(people: Personas, amount: str) -> None:
    award = grant(people, decided_amount=Decimal(amount))

    tranches = list(award.tranches.all())
    assert sum(tranche.amount for tranche in tranches) == Decimal(amount)
    assert [(t.sequence, t.percent, t.condition) for t in tranches] == [
        (1, Decimal(60), TrancheCondition.CONTRACT),
        (2, Decimal(40), TrancheCondition.EVALUATION),
    ]


def test_the_cultivation_pool_carries_no_tranche(people: Personas) -> None:
    award = grant(people, decided_tier=Tier.C, decided_amount=Decimal(0))

    assert award.tranches.count() == 0


def test_the_contract_is_drafted_from_the_application(people: Personas) -> None:
    contract = grant(people).contract

    assert contract.status == ContractStatus.DRAFT
    assert contract.terms["award"] == {"tier": "A", "amount": "1550000.00", "document": "样科〔2026〕9号"}
    assert [tranche["amount"] for tranche in contract.terms["tranches"]] == ["930000.00", "620000.00"]
    assert (contract.starts_on, contract.ends_on) == (date(2026, 11, 18), date(2029, 11, 17))
    assert len(contract.terms["technologies"]) == 3


@pytest.mark.parametrize(
    ("tier", "amount"), [(Tier.A, "2000000.01"), (Tier.B, "1000000.01"), (Tier.A, "-1"), (Tier.C, "-1")]
)
def test_the_database_refuses_an_award_beyond_its_tier(people: Personas, tier: str, amount: str) -> None:
    with pytest.raises(IntegrityError):
        make_award(people, tier=tier, amount=Decimal(amount))


def test_one_application_has_one_award(people: Personas) -> None:
    award = make_award(people)

    with pytest.raises(IntegrityError):
        make_award(people, award.application)
