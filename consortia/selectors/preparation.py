"""What is still missing before a consortium can apply, and in whose hands it is."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from consortia.enums import ParticipationStatus, PreparationStep
from consortia.models import Agreement, Consortium, Participation


@dataclass(frozen=True)
class PreparationItem:
    """One thing to be done: `done` of `total`; `waiting` names the organisations whose turn it is."""

    step: PreparationStep
    done: int
    total: int
    waiting: tuple[str, ...]
    url: str

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return self.done >= self.total


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


LEAST_MEMBERS = 2  # an organisation alone is no consortium; how many more a call wants is the call's rule


def preparation(consortium: Consortium) -> Preparation:
    """The state of preparation, in a constant number of queries."""
    present = list(Participation.objects.present().filter(consortium=consortium).select_related("organisation"))
    return Preparation((
        _members(consortium, present),
        _agreement(consortium, present),
        _technologies(consortium, present),
        _tasks(consortium, present),
    ))  # fmt: skip


def _members(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    waiting = [row.organisation.name for row in present if row.status != ParticipationStatus.CONFIRMED]
    return PreparationItem(
        PreparationStep.MEMBERS,
        len(present) - len(waiting),
        max(len(present), LEAST_MEMBERS),
        tuple(waiting) or _lead_if(consortium, len(present) < LEAST_MEMBERS),
        reverse("consortia:consortium-members", args=[consortium.pk]),
    )


def _agreement(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    newest = Agreement.objects.laid_down().filter(consortium=consortium).prefetch_related("signatures").first()
    signed = {row.participation_id for row in newest.signatures.all()} if newest else set()
    unsigned = [row.organisation.name for row in present if row.pk not in signed]
    return PreparationItem(
        PreparationStep.AGREEMENT,
        len(present) - len(unsigned),
        max(len(present), LEAST_MEMBERS),
        tuple(unsigned) if newest else _lead_if(consortium, True),
        reverse("consortia:consortium-agreement", args=[consortium.pk]),
    )


def _technologies(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    owners = list(consortium.technologies.values_list("owner_id", flat=True))
    members = {row.organisation_id for row in present}
    return _listed(
        consortium, PreparationStep.TECHNOLOGIES, "consortia:consortium-technologies",
        done=sum(owner in members for owner in owners), listed=len(owners),
    )  # fmt: skip


def _tasks(consortium: Consortium, present: list[Participation]) -> PreparationItem:
    tasks = consortium.tasks.annotate(steps=Count("milestones")).values_list("lead_id", "steps")
    members = {row.organisation_id for row in present}
    return _listed(
        consortium, PreparationStep.TASKS, "consortia:consortium-tasks",
        done=sum(bool(steps) and lead in members for lead, steps in tasks), listed=len(tasks),
    )  # fmt: skip


def _listed(consortium: Consortium, step: PreparationStep, view: str, *, done: int, listed: int) -> PreparationItem:
    """At least one must be listed, and each must be in the hands of a present member."""
    total = max(listed, 1)
    return PreparationItem(step, done, total, _lead_if(consortium, done < total), reverse(view, args=[consortium.pk]))


def _lead_if(consortium: Consortium, missing: bool) -> tuple[str, ...]:
    return (consortium.lead.name,) if missing else ()
