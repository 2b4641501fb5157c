"""Which duties in one case two different people have: one table, by which permissions decide and the checker looks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Duty(TextChoices):
    """What somebody does in a case that another may have to keep from."""

    RECOMMENDER = "RECOMMENDER", _("Recommends for the district")
    CASE_OFFICER = "CASE_OFFICER", _("Case officer (formal check)")
    DRAWER = "DRAWER", _("Draws or names the experts")
    SCORER = "SCORER", pgettext_lazy("duty", "Scores")
    GRADER = "GRADER", _("Grades")
    DECIDER = "DECIDER", _("Decides")
    APPROVER = "APPROVER", _("Approves")
    SUPERVISOR = "SUPERVISOR", pgettext_lazy("duty", "Supervises (integrity check, witness)")
    HANDLER = "HANDLER", _("Handles objections")


D = Duty
# Each duty with those that the same person never has in the same case; every pair stands here once.
FORBIDDEN: dict[Duty, tuple[Duty, ...]] = {
    D.CASE_OFFICER: (D.DRAWER, D.SCORER, D.SUPERVISOR),
    D.DRAWER: (D.SCORER, D.GRADER, D.SUPERVISOR),
    D.SCORER: (D.GRADER, D.DECIDER, D.APPROVER, D.SUPERVISOR),
    D.GRADER: (D.DECIDER, D.APPROVER, D.SUPERVISOR),
    D.DECIDER: (D.SUPERVISOR,),
    D.APPROVER: (D.SUPERVISOR,),
    D.HANDLER: (D.RECOMMENDER, D.CASE_OFFICER, D.DRAWER, D.SCORER, D.GRADER, D.DECIDER, D.APPROVER),
}
# The pairs whose two people stand in one row: there the database refuses, too.
IN_ONE_ROW = frozenset({
    (D.CASE_OFFICER, D.SUPERVISOR), (D.DRAWER, D.SUPERVISOR), (D.GRADER, D.DECIDER), (D.GRADER, D.APPROVER),
    (D.GRADER, D.SUPERVISOR), (D.DECIDER, D.SUPERVISOR), (D.APPROVER, D.SUPERVISOR),
})  # fmt: skip
PAIRS: tuple[tuple[Duty, Duty], ...] = tuple((one, other) for one, others in FORBIDDEN.items() for other in others)


def apart_from(duty: Duty) -> frozenset[Duty]:
    """The duties that nobody has beside this one."""
    return frozenset({other for one, other in PAIRS if one == duty} | {one for one, other in PAIRS if other == duty})
