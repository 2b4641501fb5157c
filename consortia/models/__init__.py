"""The rows of the consortia room."""

from consortia.models.agreement import Agreement, AgreementSignature
from consortia.models.consortium import Consortium, SubField
from consortia.models.outcome import Fund, Outcome, Platform
from consortia.models.participation import Participation
from consortia.models.task import Milestone, ResearchTask
from consortia.models.technology import KeyTechnology

__all__ = [
    "Agreement",
    "AgreementSignature",
    "Consortium",
    "Fund",
    "KeyTechnology",
    "Milestone",
    "Outcome",
    "Participation",
    "Platform",
    "ResearchTask",
    "SubField",
]
