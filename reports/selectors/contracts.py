"""What the document of a project contract is printed from: its frozen terms, and who has signed them."""

from typing import Any

from funding.models import Contract, ContractParty
from portal.kernel.audit import plain


def contract_snapshot(contract: Contract) -> dict[str, Any]:
    """The terms with their hash, the signatures of all parties and of the bureau, and the versions before."""
    rows = contract.parties.select_related("organisation", "confirmed_by", "signed_by")
    made: dict[str, Any] = plain({
        "number": contract.number, "version": contract.version, "status": contract.status,
        "terms": contract.terms, "sha256": contract.sha256,
        "starts_on": contract.starts_on, "ends_on": contract.ends_on,
        "parties": [_party(row) for row in rows],
        "bureau": [str(contract.countersigned_by or ""), contract.countersigned_at],
        "earlier": [
            [one.get("version", number), one["sha256"], one["effective"], one["until"]]
            for number, one in enumerate(contract.earlier, 1)
        ],
    })  # fmt: skip
    return made


def _party(row: ContractParty) -> dict[str, Any]:
    return {
        "id": row.organisation_id, "name": row.organisation.name,
        "confirmed": [str(row.confirmed_by or ""), row.confirmed_at],
        "signed": [str(row.signed_by or ""), row.signed_at],
    }  # fmt: skip
