"""Where a reader finds the records behind an automatic figure."""

from typing import Any

from django.urls import reverse

from consortia.models import Consortium
from reports.models import Evaluation
from reports.selectors.facts import KINDS

PAGES = {
    "milestones": "consortia:consortium-tasks",
    "members_kept": "consortia:consortium-members",
    "platforms": "consortia:consortium-outcomes",
    "fund_paid": "consortia:consortium-outcomes",
}


def record_pages(evaluation: Evaluation, user: Any) -> dict[str, str]:
    """Addresses by metric code; none for a reader to whom the pages of the consortium are closed, as for experts."""
    consortium = evaluation.consortium_id
    if not Consortium.objects.visible_to(user).filter(pk=consortium).exists():
        return {}
    outcomes = reverse("consortia:consortium-outcomes", args=[consortium])
    kinds = {code: f"{outcomes}?kind={kind}&year={evaluation.cycle.year}" for kind, code in KINDS.items()}
    return {code: reverse(name, args=[consortium]) for code, name in PAGES.items()} | kinds
