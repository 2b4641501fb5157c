"""The rows of the funding room."""

from funding.models.application import Application, ApplicationFile, ApplicationReason, Part, SectionWriter
from funding.models.award import Award
from funding.models.call import Call, CallDocument, CallExtension, RuleSet
from funding.models.contract import Contract
from funding.models.notice import Objection, PublicNotice
from funding.models.question import CallQuestion
from funding.models.recommendation import RecommendationEntry, RecommendationList
from funding.models.review import Review, ReviewScore
from funding.models.tranche import Payment, Tranche

__all__ = [
    "Application",
    "ApplicationFile",
    "ApplicationReason",
    "Award",
    "Call",
    "CallDocument",
    "CallExtension",
    "CallQuestion",
    "Contract",
    "Objection",
    "Part",
    "Payment",
    "PublicNotice",
    "RecommendationEntry",
    "RecommendationList",
    "Review",
    "ReviewScore",
    "RuleSet",
    "SectionWriter",
    "Tranche",
]
