"""What is still missing before a consortium can apply, and in whose hands it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext

from consortia.enums import ParticipationStatus, PreparationStep
from consortia.models import Agreement, Consortium, Participation
from consortia.selectors.facts import newest_agreement, present_members


@dataclass(frozen=True)
class PreparationItem:
    """One thing to be done: `done` of `total`; `waiting` names the organisations whose turn it is."""

    step: PreparationStep
    done: int
    total: int
    waiting: tuple[str, ...]
    url: str
    least: int = 0  # how many there must be at least, as long as there are fewer

    @property
    def shortfall(self) -> str:
        """What is said of too few members."""
        return gettext("at least %(n)s members are needed") % {"n": self.least} if self.least else ""

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return self.done >= self.total and not self.least


@dataclass(frozen=True)
class Preparation:
    """Everything that must stand before an application can be submitted."""

    items: tuple[PreparationItem, ...]

    @property
    def complete(self) -> bool:
        """The consortium is ready to apply."""
        return all(item.complete for item in self.items)

    @property
    def done(self) -> int:
        """How many items are complete."""
        return len(self.items) - len(self.missing)

    @property
    def missing(self) -> tuple[PreparationItem, ...]:
        """What is still to be done."""
        return tuple(item for item in self.items if not item.complete)

    def item(self, step: PreparationStep) -> PreparationItem:
        """The item of one step."""
        return next(item for item in self.items if item.step == step)


@dataclass(frozen=True)
class Onward:
    """What became of it: a sentence of the room above, and the page that says more."""

    text: str
    url: str


ONWARD: list[Callable[[Consortium], Onward | None]] = []  # the rooms above say where the consortium stands with them


def onward(consortium: Consortium) -> Onward | None:
    """What comes after the preparation, once it has been used."""
    return next((found for look in ONWARD if (found := look(consortium))), None)


LEAST_MEMBERS = 2  # an organisation alone is no consortium; how many more a call wants is the call's rule


def preparation(consortium: Consortium) -> Preparation:
    """The state of preparation, in a constant number of queries."""
    present = Participation.objects.present().select_related("organisation")
    sent = Agreement.objects.laid_down().defer("content").prefetch_related("signatures")
    rows = Consortium.objects.select_related("lead").prefetch_related(
        Prefetch("participations", present, to_attr="present_members"),
        Prefetch("agreements", sent),
        "technologies",
        "tasks__milestones",
    )
    return preparation_of(rows.get(pk=consortium.pk))


def preparation_of(whole: Consortium) -> Preparation:
    """The same of a consortium that `load_whole` gave, without a query."""
    present = present_members(whole)
    return Preparation((
        _members(whole, present),
        _agreement(whole, present),
        _technologies(whole, present),
        _tasks(whole, present),
    ))  # fmt: skip


def _members(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    waiting = [row.organisation.name for row in present if row.status != ParticipationStatus.CONFIRMED]
    return PreparationItem(
        PreparationStep.MEMBERS,
        len(present) - len(waiting),
        len(present),
        tuple(waiting),
        reverse("consortia:consortium-members", args=[consortium.pk]),
        _least(present),
    )


def _agreement(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    newest = newest_agreement(consortium)
    signed = {row.participation_id for row in newest.signatures.all()} if newest else set()
    unsigned = [row.organisation.name for row in present if row.pk not in signed]
    return PreparationItem(
        PreparationStep.AGREEMENT,
        len(present) - len(unsigned),
        len(present),
        tuple(unsigned) if newest else _lead_if(consortium, True),
        reverse("consortia:consortium-agreement", args=[consortium.pk]),
        _least(present),
    )


def _least(present: list[Participation]) -> int:
    return LEAST_MEMBERS if len(present) < LEAST_MEMBERS else 0


def _technologies(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    owners = [row.owner_id for row in consortium.technologies.all()]
    members = {row.organisation_id for row in present}
    return _listed(
        consortium, PreparationStep.TECHNOLOGIES, "consortia:consortium-technologies",
        done=sum(owner in members for owner in owners), listed=len(owners),
    )  # fmt: skip


def _tasks(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    tasks = consortium.tasks.all()
    members = {row.organisation_id for row in present}
    return _listed(
        consortium, PreparationStep.TASKS, "consortia:consortium-tasks",
        done=sum(bool(row.milestones.all()) and row.lead_id in members for row in tasks), listed=len(tasks),
    )  # fmt: skip


def _listed(consortium: Consortium, step: PreparationStep, view: str, *, done: int, listed: int) -> PreparationItem:
    """At least one must be listed, and each must be in the hands of a present member."""
    total = max(listed, 1)
    return PreparationItem(step, done, total, _lead_if(consortium, done < total), reverse(view, args=[consortium.pk]))


def _lead_if(consortium: Consortium, missing: bool) -> tuple[str, ...]:
    return (consortium.lead.name,) if missing else ()
