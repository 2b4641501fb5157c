"""The rows of the funding room."""

from funding.models.application import (
    Answer,
    Application,
    ApplicationFile,
    FilePreview,
    Part,
    SectionWriter,
)
from funding.models.assignment import Assignment, AssignmentCase, AssignmentChange, AssignmentPair
from funding.models.avoidance import Avoidance, AvoidanceKind
from funding.models.award import Award
from funding.models.board import Scenario, ScenarioApproval, ScenarioPlace
from funding.models.budget import BudgetAmount, BudgetItem
from funding.models.call import Call, CallDocument, CallExtension, OutageExtension, RuleSet
from funding.models.contract import Contract
from funding.models.draw import Draw, DrawEntry, Naming
from funding.models.earlier import ApplicationReason, TakenBack
from funding.models.form import FormVersion
from funding.models.meeting import DecisionMeeting, MeetingSeat, MeetingVote
from funding.models.notice import Objection, ObjectionFile, PublicNotice
from funding.models.panel import Consolidation, PanelMessage
from funding.models.question import CallQuestion
from funding.models.recommendation import RecommendationEntry, RecommendationList
from funding.models.recusal import LiftedRecusal, Recusal
from funding.models.review import Review, ReviewReminder, ReviewScore
from funding.models.scoring import FactDispute, Reopening, ScoreChange
from funding.models.session import ReviewSession, SessionAbsence, SessionSeat, SessionSlot, SlotFile, SlotPresence
from funding.models.similarity import Passage, SharedPassage, SimilarityCheck, SimilarityFinding
from funding.models.tranche import Payment, Tranche
from funding.models.workbook import ScoreWorkbook, Workbook

__all__ = [
    "Answer",
    "Application",
    "ApplicationFile",
    "ApplicationReason",
    "Assignment",
    "AssignmentCase",
    "AssignmentChange",
    "AssignmentPair",
    "Avoidance",
    "AvoidanceKind",
    "Award",
    "BudgetAmount",
    "BudgetItem",
    "Call",
    "CallDocument",
    "CallExtension",
    "CallQuestion",
    "Consolidation",
    "Contract",
    "DecisionMeeting",
    "Draw",
    "DrawEntry",
    "FactDispute",
    "FilePreview",
    "FormVersion",
    "LiftedRecusal",
    "MeetingSeat",
    "MeetingVote",
    "Naming",
    "Objection",
    "ObjectionFile",
    "OutageExtension",
    "PanelMessage",
    "Part",
    "Passage",
    "Payment",
    "PublicNotice",
    "RecommendationEntry",
    "RecommendationList",
    "Recusal",
    "Reopening",
    "Review",
    "ReviewReminder",
    "ReviewScore",
    "ReviewSession",
    "RuleSet",
    "Scenario",
    "ScenarioApproval",
    "ScenarioPlace",
    "ScoreChange",
    "ScoreWorkbook",
    "SectionWriter",
    "SessionAbsence",
    "SessionSeat",
    "SessionSlot",
    "SharedPassage",
    "SimilarityCheck",
    "SimilarityFinding",
    "SlotFile",
    "SlotPresence",
    "TakenBack",
    "Tranche",
    "Workbook",
]
