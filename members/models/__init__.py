"""The rows of the members room."""

from members.models.correction import CorrectionRequest
from members.models.expert import Expert
from members.models.integrity import IntegrityRecord
from members.models.invitation import Invitation
from members.models.organisation import District, Organisation, YearFigures
from members.models.role import RoleGrant, RoleProposal
from members.models.security import EmailChange, PastPassword, SignInGuard, UsedCode
from members.models.user import User

__all__ = [
    "CorrectionRequest",
    "District",
    "EmailChange",
    "Expert",
    "IntegrityRecord",
    "Invitation",
    "Organisation",
    "PastPassword",
    "RoleGrant",
    "RoleProposal",
    "SignInGuard",
    "UsedCode",
    "User",
    "YearFigures",
]
