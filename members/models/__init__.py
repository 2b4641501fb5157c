"""The rows of the members room."""

from members.models.correction import CorrectionRequest
from members.models.credit import CreditCheck
from members.models.expert import Employment, Expert
from members.models.figures import PastFigures, YearFigures
from members.models.handover import Handover
from members.models.intake import ImportBatch, ImportRow
from members.models.integrity import IntegrityRecord
from members.models.invitation import Invitation
from members.models.organisation import District, Organisation
from members.models.qualification import Qualification
from members.models.relation import Relation
from members.models.role import RoleGrant, RoleProposal
from members.models.security import EmailChange, PastPassword, SignInGuard, UsedCode
from members.models.user import User

__all__ = [
    "CorrectionRequest",
    "CreditCheck",
    "District",
    "EmailChange",
    "Employment",
    "Expert",
    "Handover",
    "ImportBatch",
    "ImportRow",
    "IntegrityRecord",
    "Invitation",
    "Organisation",
    "PastFigures",
    "PastPassword",
    "Qualification",
    "Relation",
    "RoleGrant",
    "RoleProposal",
    "SignInGuard",
    "UsedCode",
    "User",
    "YearFigures",
]
