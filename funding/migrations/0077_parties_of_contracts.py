"""Contracts that were offered before had one party, the lead."""

from typing import Any

from django.db import migrations


def lead_of(contract: Any) -> Any:
    """The one that the terms name: another may lead by now, and has signed nothing."""
    return contract.terms["consortium"].get("lead_id") or contract.award.consortium.lead_id


def seat_leads(apps: Any, _editor: Any) -> None:
    party = apps.get_model("funding", "ContractParty").objects
    contracts = apps.get_model("funding", "Contract")._default_manager.filter(parties=None).exclude(status="DRAFT")
    for contract in contracts.select_related("award__consortium").iterator(chunk_size=500):
        by, at = contract.signed_by_id, contract.signed_at
        facts = {"signed_by_id": by, "signed_at": at, "confirmed_by_id": by, "confirmed_at": at} if by else {}
        party.create(
            contract=contract, organisation_id=lead_of(contract), ordinal=1,
            created_at=contract.created_at, **facts,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0076_contract_parties'),
    ]

    operations = [migrations.RunPython(seat_leads, migrations.RunPython.noop)]
