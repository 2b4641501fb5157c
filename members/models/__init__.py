"""The rows of the members room."""

from members.models.expert import Expert
from members.models.integrity import IntegrityRecord
from members.models.invitation import Invitation
from members.models.organisation import District, Organisation, YearFigures
from members.models.role import RoleGrant
from members.models.user import User

__all__ = ["District", "Expert", "IntegrityRecord", "Invitation", "Organisation", "RoleGrant", "User", "YearFigures"]
