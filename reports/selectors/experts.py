"""Who may score an evaluation."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from members.models import Expert, User
from members.rules.experts import conflicts_since
from reports.models import Evaluation


def candidates(evaluation: Evaluation, at: datetime) -> QuerySet[Expert]:
    """Experts of the pool who neither work nor lately worked for a member and did not recuse themselves here."""
    present = evaluation.consortium.participations.present().values("organisation")
    names = evaluation.consortium.participations.present().values("organisation__name")
    since = conflicts_since(on=timezone.localdate(at))
    members = User.objects.filter(role_grants__organisation__in=present, role_grants__revoked_at=None)
    tied = Expert.objects.filter(employer__in=present) | Expert.objects.filter(user__in=members)
    return (
        Expert.objects.assignable(at)
        .exclude(pk__in=tied.values("pk"))
        .exclude(pk__in=Expert.objects.employed_by(present, names, since))
        .exclude(pk__in=recused_experts(evaluation))
        .select_related("user", "employer")
    )


def recused_experts(evaluation: Evaluation) -> list[str]:
    """The ids of those who declared a conflict here."""
    return [known for known in evaluation.scores.get("recused", []) if _is_id(known)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
