"""The rows of the consortia room."""

from consortia.models.agreement import Agreement, AgreementSignature, BackgroundIp
from consortia.models.circular import Circular
from consortia.models.claim import DuplicateClaim
from consortia.models.confirmation import ItemConfirmation
from consortia.models.consortium import Consortium, Shareholding
from consortia.models.contribution import Contribution
from consortia.models.demand import Demand, DemandAnswer
from consortia.models.departure import Departure, DepartureItem
from consortia.models.direct import DirectCondition, DirectEvidence, DirectRecognition, TermsVersion
from consortia.models.entry import Entry
from consortia.models.exchange import Exchange, Risk
from consortia.models.exitcase import ExitCase
from consortia.models.fund import Fund, Investment
from consortia.models.leadchange import LeadChange, LeadConsent
from consortia.models.liaison import FollowUp, Issue, IssueNote, LiaisonVisit
from consortia.models.lifecycle import LifeEvent, Rectification
from consortia.models.link import ConsortiumLink
from consortia.models.obligation import Obligation
from consortia.models.outcome import Adoption, CoOwner, Outcome, OutcomeEvidence
from consortia.models.participation import Participation
from consortia.models.platform import CoBuilder, Platform, PlatformYear
from consortia.models.recognition import Recognition
from consortia.models.sevenones import SevenOnesEvidence, SevenOnesItem, SevenOnesYear
from consortia.models.sharing import SharingRecord
from consortia.models.supply import AttractedEnterprise, PlatformMatch, SupplyLink
from consortia.models.talent import JointTraining, Talent
from consortia.models.task import Milestone, ResearchTask
from consortia.models.taxonomy import FieldMilestone, SubField, Taxonomy, TaxonomyEntry
from consortia.models.technology import KeyTechnology

__all__ = [
    "Adoption",
    "Agreement",
    "AgreementSignature",
    "AttractedEnterprise",
    "BackgroundIp",
    "Circular",
    "CoBuilder",
    "CoOwner",
    "Consortium",
    "ConsortiumLink",
    "Contribution",
    "Demand",
    "DemandAnswer",
    "Departure",
    "DepartureItem",
    "DirectCondition",
    "DirectEvidence",
    "DirectRecognition",
    "DuplicateClaim",
    "Entry",
    "Exchange",
    "ExitCase",
    "FieldMilestone",
    "FollowUp",
    "Fund",
    "Investment",
    "Issue",
    "IssueNote",
    "ItemConfirmation",
    "JointTraining",
    "KeyTechnology",
    "LeadChange",
    "LeadConsent",
    "LiaisonVisit",
    "LifeEvent",
    "Milestone",
    "Obligation",
    "Outcome",
    "OutcomeEvidence",
    "Participation",
    "Platform",
    "PlatformMatch",
    "PlatformYear",
    "Recognition",
    "Rectification",
    "ResearchTask",
    "Risk",
    "SevenOnesEvidence",
    "SevenOnesItem",
    "SevenOnesYear",
    "Shareholding",
    "SharingRecord",
    "SubField",
    "SupplyLink",
    "Talent",
    "Taxonomy",
    "TaxonomyEntry",
    "TermsVersion",
]
