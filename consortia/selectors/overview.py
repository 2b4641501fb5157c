"""Everything that the page of one consortium shows, computed once from one load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from consortia.enums import AT_WORK, MilestoneStatus, ParticipationRole, ParticipationStatus
from consortia.models import (
    Agreement,
    AgreementSignature,
    Consortium,
    Milestone,
    Participation,
    ResearchTask,
    Shareholding,
    SubField,
)
from consortia.rules import Scorecard, scorecard_of, seven_ones
from consortia.rules.stages import Standing, stage_of
from consortia.selectors.facts import facts_of, load_whole
from consortia.selectors.parts import PartState, states_of
from consortia.selectors.registry import Mix, kind_of

DAYS_A_MONTH = Decimal("30.4375")


@dataclass(frozen=True)
class TaskProgress:
    """A task with how far it is: the weight of its reached milestones, and by how many days it is late."""

    task: ResearchTask
    milestones: list[Milestone]
    late: int

    @property
    def done(self) -> float:
        """Between 0 and 1; without milestones nothing is done."""
        whole = sum(one.weight for one in self.milestones)
        reached = sum(one.weight for one in self.milestones if one.status == MilestoneStatus.REACHED)
        return reached / whole if whole else 0.0


@dataclass(frozen=True)
class MemberRow:
    """A present member and its signature under the newest agreement."""

    participation: Participation
    signature: AgreementSignature | None


@dataclass(frozen=True)
class Overview:
    """One consortium, completely loaded; `today` decides what is late."""

    consortium: Consortium
    today: date

    @cached_property
    def members(self) -> list[Participation]:
        """Present members, the lead first."""
        present: list[Participation] = self.consortium.present_members  # type: ignore[attr-defined]
        return present

    @cached_property
    def standing(self) -> Standing:
        """The stage, with its reason."""
        row = self.consortium
        return stage_of(
            status=row.status, leaving_since=row.leaving_since, build_from=row.build_from, build_to=row.build_to,
            today=self.today,
        )  # fmt: skip

    @property
    def is_cross_region(self) -> bool:
        """Whether a member sits in another district than the consortium, or outside the city."""
        return any(row.organisation.district_id != self.consortium.district_id for row in self.members)

    @cached_property
    def cross_fields(self) -> list[SubField]:
        """Further sub-fields."""
        return list(self.consortium.cross_fields.all())

    @cached_property
    def shares(self) -> list[Shareholding]:
        """Who holds the company."""
        return list(self.consortium.shareholdings.all())

    @cached_property
    def partners(self) -> list[Participation]:
        """Present members without the lead."""
        return [row for row in self.members if row.role != ParticipationRole.LEAD]

    @cached_property
    def confirmed(self) -> int:
        """How many have confirmed their part."""
        return sum(row.status == ParticipationStatus.CONFIRMED for row in self.members)

    @cached_property
    def agreement(self) -> Agreement | None:
        """The newest version."""
        return next(iter(self.consortium.agreements.all()), None)

    @cached_property
    def rows(self) -> list[MemberRow]:
        """The members, each with its signature under the newest version."""
        signatures = self.agreement.signatures.all() if self.agreement else ()
        signed = {one.participation_id: one for one in signatures}
        return [MemberRow(row, signed.get(row.pk)) for row in self.members]

    @cached_property
    def parts(self) -> list[PartState]:
        """The members × items matrix."""
        return states_of(self.members, self.consortium.tasks.all(), self.consortium.technologies.all())

    @property
    def signed(self) -> int:
        """How many have signed the newest version."""
        return sum(row.signature is not None for row in self.rows)

    @cached_property
    def mix(self) -> Mix:
        """The make-up of the members."""
        mix = Mix()
        for row in self.members:
            mix = mix.plus(kind_of(row.role, row.organisation.type), 1)
        return mix

    @cached_property
    def cash(self) -> Decimal:
        """Promised in money, in yuan."""
        return sum((row.cash for row in self.members), Decimal(0))

    @cached_property
    def in_kind(self) -> Decimal:
        """Promised in kind, in yuan."""
        return sum((row.in_kind for row in self.members), Decimal(0))

    @property
    def commitment(self) -> Decimal:
        """Promised in all, in yuan."""
        return self.cash + self.in_kind

    @property
    def ip_share(self) -> Decimal:
        """The shares given out, in per cent."""
        return sum((row.ip_share for row in self.members), Decimal(0))

    @property
    def benefit_share(self) -> Decimal:
        """The benefit shares given out, in per cent."""
        return sum((row.benefit_share for row in self.members), Decimal(0))

    @property
    def person_months(self) -> int:
        """Promised work."""
        return sum(row.person_months for row in self.members)

    @cached_property
    def tasks(self) -> list[TaskProgress]:
        """The tasks by number."""
        judged_on = self.today if self.consortium.status in AT_WORK else None
        return [task_progress(task, judged_on) for task in self.consortium.tasks.all()]

    @cached_property
    def late_tasks(self) -> list[TaskProgress]:
        """Those behind their milestones."""
        return [one for one in self.tasks if one.late]

    @property
    def on_time(self) -> int:
        """How many tasks are not late."""
        return len(self.tasks) - len(self.late_tasks)

    @property
    def build_months(self) -> tuple[int, int]:
        """Months gone and months in all of the build period; (0, 0) before it is set."""
        start, end = self.consortium.build_from, self.consortium.build_to
        if not start or not end:
            return 0, 0
        whole = _months(start, end)
        return min(max(_months(start, self.today), 0), whole), whole

    def scorecard(self, language: str) -> Scorecard:
        """The seven ones as the registers say, in the reader's language."""
        return seven_ones(facts_of(self.consortium), language=language)

    def standing_ones(self, language: str) -> Scorecard:
        """The seven ones of this year: verified where the bureau has looked, as the registers say elsewhere."""
        return scorecard_of(facts_of(self.consortium), self.today.year, language=language)


def overview(consortium: Consortium, *, today: date) -> Overview:
    """Load what the page needs in a constant number of queries."""
    return Overview(load_whole(consortium), today)


def task_progress(task: ResearchTask, today: date | None) -> TaskProgress:
    """How far the task is; its milestones are prefetched. Without a day nothing is late: plans are not judged."""
    milestones = list(task.milestones.all())
    if today is None:
        return TaskProgress(task, milestones, 0)
    open_since = [one.due for one in milestones if one.status != MilestoneStatus.REACHED and one.due < today]
    return TaskProgress(task, milestones, (today - min(open_since)).days if open_since else 0)


def _months(start: date, end: date) -> int:
    return round((end - start).days / DAYS_A_MONTH)
