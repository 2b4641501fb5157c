"""The rows of the funding room."""

from funding.models.acceptance import Acceptance, AcceptanceConsent
from funding.models.amendment import Amendment, AmendmentConsent
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
from funding.models.claim import ClaimObjection, ClaimObjectionFile
from funding.models.cofunding import Cofunding
from funding.models.compensation import Compensation, CompensationEntry, CompensationFile
from funding.models.contract import Contract
from funding.models.draw import Draw, DrawEntry, Naming
from funding.models.earlier import ApplicationReason, TakenBack
from funding.models.expenditure import Expenditure
from funding.models.form import FormVersion
from funding.models.ledger import LedgerAccount, LedgerEntry, Posting
from funding.models.limit import ApprovalLimit
from funding.models.meeting import DecisionMeeting, MeetingSeat, MeetingVote
from funding.models.notice import Objection, ObjectionFile, PublicNotice
from funding.models.panel import Consolidation, PanelMessage
from funding.models.party import ContractParty
from funding.models.payment import BankStatement, Payment, PaymentBatch, PaymentOrder, StatementLine
from funding.models.programme import Appropriation, BudgetLine, Programme
from funding.models.question import CallQuestion
from funding.models.recommendation import RecommendationEntry, RecommendationList
from funding.models.recovery import Recovery, RecoveryReceipt
from funding.models.recusal import LiftedRecusal, Recusal
from funding.models.relay import Relay, RelayAlarm
from funding.models.review import Review, ReviewReminder, ReviewScore
from funding.models.scoring import FactDispute, Reopening, ScoreChange
from funding.models.session import ReviewSession, SessionAbsence, SessionSeat, SessionSlot, SlotFile, SlotPresence
from funding.models.similarity import Passage, SharedPassage, SimilarityCheck, SimilarityFinding
from funding.models.subsidy import OtherSubsidy, OverlapFinding
from funding.models.termination import Termination
from funding.models.tranche import Tranche
from funding.models.workbook import ScoreWorkbook, Workbook

__all__ = [
    "Acceptance",
    "AcceptanceConsent",
    "Amendment",
    "AmendmentConsent",
    "Answer",
    "Application",
    "ApplicationFile",
    "ApplicationReason",
    "Appropriation",
    "ApprovalLimit",
    "Assignment",
    "AssignmentCase",
    "AssignmentChange",
    "AssignmentPair",
    "Avoidance",
    "AvoidanceKind",
    "Award",
    "BankStatement",
    "BudgetAmount",
    "BudgetItem",
    "BudgetLine",
    "Call",
    "CallDocument",
    "CallExtension",
    "CallQuestion",
    "ClaimObjection",
    "ClaimObjectionFile",
    "Cofunding",
    "Compensation",
    "CompensationEntry",
    "CompensationFile",
    "Consolidation",
    "Contract",
    "ContractParty",
    "DecisionMeeting",
    "Draw",
    "DrawEntry",
    "Expenditure",
    "FactDispute",
    "FilePreview",
    "FormVersion",
    "LedgerAccount",
    "LedgerEntry",
    "LiftedRecusal",
    "MeetingSeat",
    "MeetingVote",
    "Naming",
    "Objection",
    "ObjectionFile",
    "OtherSubsidy",
    "OutageExtension",
    "OverlapFinding",
    "PanelMessage",
    "Part",
    "Passage",
    "Payment",
    "PaymentBatch",
    "PaymentOrder",
    "Posting",
    "Programme",
    "PublicNotice",
    "RecommendationEntry",
    "RecommendationList",
    "Recovery",
    "RecoveryReceipt",
    "Recusal",
    "Relay",
    "RelayAlarm",
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
    "StatementLine",
    "TakenBack",
    "Termination",
    "Tranche",
    "Workbook",
]
