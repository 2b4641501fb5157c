"""What may become of everything in the funding room: a table for each thing that has a status."""

from funding.workflow.amendments import AMENDMENT
from funding.workflow.applications import APPLICATION, first_desk
from funding.workflow.calls import CALL, FORM, QUESTION
from funding.workflow.compensations import COMPENSATION
from funding.workflow.endings import ACCEPTANCE, TERMINATION
from funding.workflow.experts import ASSIGNMENT, DISPUTE, DRAW, NAMING, REOPENING, REVIEW, review_is_open
from funding.workflow.money import (
    APPROPRIATION,
    BATCH,
    COFUNDING,
    CONTRACT,
    LIMIT,
    RECOVERY,
    RELAY,
    TRANCHE,
    objection_of,
)
from funding.workflow.objections import OBJECTION
from funding.workflow.scenarios import SCENARIO
from funding.workflow.sessions import SESSION
from funding.workflow.spending import EXPENDITURE, can_be_spent, contract_in_force

__all__ = [
    "ACCEPTANCE",
    "AMENDMENT",
    "APPLICATION",
    "APPROPRIATION",
    "ASSIGNMENT",
    "BATCH",
    "CALL",
    "COFUNDING",
    "COMPENSATION",
    "CONTRACT",
    "DISPUTE",
    "DRAW",
    "EXPENDITURE",
    "FORM",
    "LIMIT",
    "NAMING",
    "OBJECTION",
    "QUESTION",
    "RECOVERY",
    "RELAY",
    "REOPENING",
    "REVIEW",
    "SCENARIO",
    "SESSION",
    "TERMINATION",
    "TRANCHE",
    "can_be_spent",
    "contract_in_force",
    "first_desk",
    "objection_of",
    "review_is_open",
]
