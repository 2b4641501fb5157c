"""What may become of everything in the funding room: a table for each thing that has a status."""

from funding.workflow.applications import APPLICATION, first_desk
from funding.workflow.calls import CALL, FORM, QUESTION
from funding.workflow.experts import ASSIGNMENT, DISPUTE, DRAW, NAMING, REOPENING, REVIEW, review_is_open
from funding.workflow.money import CONTRACT, TRANCHE
from funding.workflow.objections import OBJECTION
from funding.workflow.scenarios import SCENARIO
from funding.workflow.sessions import SESSION

__all__ = [
    "APPLICATION",
    "ASSIGNMENT",
    "CALL",
    "CONTRACT",
    "DISPUTE",
    "DRAW",
    "FORM",
    "NAMING",
    "OBJECTION",
    "QUESTION",
    "REOPENING",
    "REVIEW",
    "SCENARIO",
    "SESSION",
    "TRANCHE",
    "first_desk",
    "review_is_open",
]
