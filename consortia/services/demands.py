"""Demands: posed by an enterprise, shown to others as far as it likes, answered, matched, ended."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Demand, DemandAnswer
from consortia.selectors.demands import answering_places, posing_places
from consortia.services.editing import editing, store
from consortia.services.notices import WRITERS
from consortia.workflow import DEMAND
from members.enums import Role
from members.models import Organisation
from members.selectors import holders
from portal.kernel.notifications import notify
from portal.kernel.stale import require_unchanged, typed_in

WRITTEN = ("poser", "title", "question", "deadline")


def pose_demand(*, consortium: Consortium, demand: Demand, actor: Any, at: datetime) -> Demand:
    """Record an unsaved demand of an enterprise of the consortium; the other members are told."""
    demand.consortium, demand.posed_by, demand.created_at = consortium, actor, at
    _require_poser(demand, actor)
    with editing(
        consortium=consortium, action=Action.POSE_DEMAND, actor=actor, at=at, name=demand, subject=demand,
        facts=_by(demand.poser),
    ) as locked:  # fmt: skip
        _store(demand, at)
        members = locked.participations.present().exclude(organisation=demand.poser_id)
        _tell(demand, "consortia.demand_posed", list(members.values_list("organisation", flat=True)), at)
    return demand


def update_demand(*, demand: Demand, actor: Any, at: datetime, seen: str = "") -> Demand:
    """Store a changed question that nobody has answered yet."""
    with DEMAND.moving(demand, Action.UPDATE_DEMAND, actor=actor, at=at, facts=_by(demand.poser)) as locked:
        require_unchanged(row=locked, seen=seen, typed=typed_in(demand))
        for name in WRITTEN:
            setattr(locked, name, getattr(demand, name))
        _require_poser(locked, actor)
        _store(locked, at)
    return demand


def publish_demand(*, demand: Demand, brief: str, named: bool, actor: Any, at: datetime) -> Demand:
    """Show `brief` to the members of all consortia, with the name of who asks if `named`."""
    if not brief.strip():
        raise ValidationError({"brief": _("Write what all consortia may read.")})
    with DEMAND.moving(demand, Action.PUBLISH_DEMAND, actor=actor, at=at, facts=_by(demand.poser)) as locked:
        locked.published, locked.brief, locked.named = True, brief.strip(), named
    return demand


def conceal_demand(*, demand: Demand, actor: Any, at: datetime) -> Demand:
    """Show a demand inside the consortium only again; answers that have come stay."""
    with DEMAND.moving(demand, Action.CONCEAL_DEMAND, actor=actor, at=at, facts=_by(demand.poser)) as locked:
        locked.published = False
    return demand


def answer_demand(
    *, demand: Demand, organisation: Organisation, proposal: str, actor: Any, at: datetime
) -> DemandAnswer:
    """Answer in the name of an organisation; each answers once, and only who asks and the bureau read it."""
    with DEMAND.moving(demand, Action.ANSWER_DEMAND, actor=actor, at=at, facts=_by(organisation)) as locked:
        if organisation.pk not in answering_places(actor, locked):
            raise PermissionDenied(Action.ANSWER_DEMAND)
        answer = DemandAnswer(
            demand=locked, organisation=organisation, proposal=proposal, answered_by=actor, created_at=at
        )
        answer.validate_constraints()
        store(row=answer)
        _tell(locked, "consortia.demand_answered", [locked.poser_id], at, organisation=organisation.name)
    return answer


def match_demand(*, answer: DemandAnswer, actor: Any, at: datetime, note: str = "") -> Demand:
    """Choose an answer; its organisation is told."""
    demand = answer.demand
    facts = {**_by(demand.poser), "answer": str(answer.pk), "organisation": answer.organisation.name}
    with DEMAND.moving(demand, Action.MATCH_DEMAND, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.matched, locked.matched_on = answer, timezone.localdate(at)
        _tell(locked, "consortia.demand_matched", [answer.organisation_id], at)
    return demand


def close_demand(*, demand: Demand, actor: Any, at: datetime, note: str) -> Demand:
    """End a demand; `note` says how."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    with DEMAND.moving(
        demand, Action.CLOSE_DEMAND, actor=actor, at=at, note=note.strip(), facts=_by(demand.poser)
    ) as locked:
        locked.published = False
    return demand


def _require_poser(demand: Demand, actor: Any) -> None:
    if demand.poser_id not in posing_places(actor, demand.consortium):
        raise ValidationError({"poser": _("Demands are posed by enterprises of the consortium, each for itself.")})


def _store(demand: Demand, at: datetime) -> None:
    if demand.deadline < timezone.localdate(at):
        raise ValidationError({"deadline": _("This day has passed.")})
    store(row=demand)


def _by(organisation: Organisation) -> dict[str, str]:
    return {"by": organisation.name, "by_id": str(organisation.pk)}


def _tell(demand: Demand, kind: str, organisations: list[Any], at: datetime, **params: object) -> None:
    """Of a title only those are told who may read it."""
    inside = demand.consortium.participations.present().filter(organisation__in=organisations).exists()
    title = demand.title if inside else demand.brief[:60]
    people = holders(Role.CONFIRMER, *WRITERS, organisation__in=organisations)
    said = {"consortium": demand.consortium.name if inside else "", "title": title, **params}
    notify(recipients=people, kind=kind, params=said, url=demand.get_absolute_url(), at=at)
