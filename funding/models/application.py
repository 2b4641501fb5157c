"""Applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED, Tier
from consortia.models import Consortium, Participation
from funding.enums import ApplicantStatus, ApplicationKind, ApplicationStatus
from funding.models.call import MOST, Call
from funding.models.form import FormVersion
from funding.models.live import LiveManager
from funding.models.notice import PublicNotice
from funding.models.recusal import kept_from
from funding.rules import designs
from funding.rules.returns import PARTS, opened_by
from funding.rules.sections import SECTIONS
from members.enums import BUREAU, Role
from members.models import District
from portal.kernel.models import Attachment, Record

S = ApplicationStatus
WITH_LEAD = [S.DRAFT, S.RETURNED]
ENDED = [S.NOT_RECOMMENDED, S.REJECTED, S.NOT_APPROVED, S.WITHDRAWN]
HELD_BACK = [S.PUBLICISED, S.NOT_APPROVED]  # outcomes that nobody outside learns before `told_at`
HEAVY = (  # what a list leaves out
    "snapshot", "previous_snapshot", "declarations", "objective", "foundation", "route", "commercialisation",
    "elements", "sections",
)  # fmt: skip
APPLICANT_STATUS = {
    S.DRAFT: ApplicantStatus.DRAFT,
    S.SUBMITTED: ApplicantStatus.WITH_DISTRICT,
    S.RETURNED: ApplicantStatus.RETURNED,
    S.NOT_RECOMMENDED: ApplicantStatus.NOT_SUPPORTED,
    S.REJECTED: ApplicantStatus.NOT_SUPPORTED,
    S.PUBLICISED: ApplicantStatus.PUBLICISED,
    S.OBJECTED: ApplicantStatus.PUBLICISED,
    S.APPROVED: ApplicantStatus.APPROVED,
    S.NOT_APPROVED: ApplicantStatus.NOT_SUPPORTED,
    S.WITHDRAWN: ApplicantStatus.WITHDRAWN,
}


def untold() -> Q:
    """Whose outcome stands, and is not told."""
    return Q(status__in=HELD_BACK, told_at=None)


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The bureau and the district see what was submitted; lead and confirmed members see their own.

        Whoever keeps away from a case sees nothing of it, here and wherever something hangs on it. Experts see none
        here: they read the snapshot through their review.
        """
        if not user.is_authenticated:
            return self.none()
        submitted = Q(submitted_at__isnull=False)
        if user.holds_any(BUREAU):
            return self.filter(submitted, ~kept_from(user))
        theirs = self._of_organisations(user) | (submitted & Q(district__in=user.district_ids))
        return self.filter(~kept_from(user), theirs)

    def without_ended(self) -> Self:
        """Those that run on for whoever is not told of their end yet."""
        return self.exclude(Q(status__in=ENDED) & ~untold())

    def own(self, user: Any) -> Self:
        """Those of the consortia that the user's organisations lead or are confirmed members of."""
        return self.filter(self._of_organisations(user))

    @staticmethod
    def _of_organisations(user: Any) -> Q:
        member_of = Participation.objects.filter(organisation__in=user.organisation_ids, status__in=JOINED).values(
            "consortium"
        )
        return Q(consortium__lead__in=user.organisation_ids) | Q(consortium__in=member_of)


@dataclass(frozen=True)
class Part:
    """One section of an application, by its code."""

    application: Application
    code: str

    @property
    def consortium(self) -> Consortium:
        """Whose application it is."""
        return self.application.consortium


class Application(Record):
    """An application of a consortium in a call; money in yuan. Facts of a step are set with its status."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("call"))
    consortium = models.ForeignKey(
        Consortium, models.PROTECT, related_name="applications", verbose_name=_("consortium")
    )
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    kind = models.CharField(
        _("kind"), max_length=8, choices=ApplicationKind, default=ApplicationKind.NEW, db_default=ApplicationKind.NEW,
        editable=False,
    )  # fmt: skip
    requested_tier = models.CharField(_("requested tier"), max_length=1, choices=Tier)
    requested_amount = models.DecimalField(
        _("requested amount"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)]
    )
    objective = models.TextField(_("objective"), max_length=3000, blank=True)
    foundation = models.TextField(_("foundation of cooperation"), max_length=3000, blank=True)
    route = models.TextField(_("technical route"), max_length=6000, blank=True)
    commercialisation = models.TextField(_("commercialisation"), max_length=3000, blank=True)
    elements = models.TextField(_("talent, platforms and funds"), max_length=3000, blank=True)
    justification = models.TextField(_("justification of deviations"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)  # counts the saves of a draft
    sections = models.JSONField(default=dict)  # section: {"version", "by", "at"} of its last save
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, editable=False, related_name="applications"
    )  # that of its call when it was begun, or to which its draft was moved
    status = models.CharField(
        _("status"), max_length=16, choices=ApplicationStatus, default=ApplicationStatus.DRAFT, editable=False
    )
    moved_at = models.DateTimeField(_("last step"), default=timezone.now, editable=False)  # kept by the workflow
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    at_work_at = models.DateTimeField(null=True)  # when somebody had it open before the close, and finished after it
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)  # by the first desk, since the last submission

    # submission
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    declarations = models.JSONField(default=dict)
    snapshot = models.JSONField(null=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)  # codes of the soft findings that stood at the submission
    return_note = models.TextField(_("what is to be corrected"), blank=True)
    correction_due = models.DateField(_("correction due"), null=True)
    reopened = models.JSONField(_("returned parts"), default=list, db_default=[])  # codes of funding.rules.returns
    previous_snapshot = models.JSONField(null=True)  # what stood there before the return
    returned_count = models.PositiveSmallIntegerField(default=0)

    # district
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recommended_at = models.DateTimeField(null=True)
    opinion = models.TextField(_("district's opinion"), blank=True)

    # formal check
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    check_items = models.JSONField(default=list)
    check_note = models.TextField(_("note of the check"), blank=True)

    # credit check
    credit_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    credit_at = models.DateTimeField(null=True)
    credit_items = models.JSONField(default=list, db_default=[])
    credit_note = models.TextField(_("note of the integrity check"), blank=True, db_default="", default="")

    # grading and decision
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    graded_at = models.DateTimeField(null=True)
    proposed_tier = models.CharField(_("proposed tier"), max_length=1, choices=Tier, blank=True)
    proposed_amount = models.DecimalField(_("proposed amount"), max_digits=18, decimal_places=2, null=True)
    rationale = models.TextField(_("rationale"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_tier = models.CharField(_("decided tier"), max_length=1, choices=Tier, blank=True)
    decided_amount = models.DecimalField(_("decided amount"), max_digits=18, decimal_places=2, null=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    decision_note = models.TextField(_("reasons of the decision"), max_length=2000, blank=True)
    told_at = models.DateTimeField(_("outcome told"), null=True)  # from when on others than officials know it
    notice = models.ForeignKey(PublicNotice, models.PROTECT, null=True, related_name="applications")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    everything = ApplicationQuerySet.as_manager()
    objects = LiveManager.from_queryset(ApplicationQuerySet)()

    class Meta:
        ordering = ["-moved_at", "-id"]
        indexes = [
            models.Index(fields=["-moved_at", "-id"], name="application_newest"),
            models.Index(fields=["status", "-moved_at", "-id"], name="application_status"),
            models.Index(fields=["district", "-moved_at", "-id"], name="application_district"),
            models.Index(fields=["call", "-moved_at", "-id"], name="application_call"),
            models.Index(fields=["requested_amount", "id"], name="application_amount"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "consortium"],
                condition=~Q(status__in=ENDED),
                name="one_running_application_a_call",
                violation_error_message=_("This consortium has an application in this call already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.DRAFT, S.WITHDRAWN])
                | (
                    Q(submitted_at__isnull=False, submitted_by__isnull=False, snapshot__isnull=False)
                    & ~Q(snapshot_hash="")
                ),
                name="submitted_means_snapshot",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.SUSPENDED)
                | (Q(credit_by__isnull=False, credit_at__isnull=False) & ~Q(credit_note="")),
                name="suspended_means_reason",
            ),
            models.CheckConstraint(
                condition=Q(credit_by=None) | ~Q(credit_by=models.F("checked_by")),
                name="formal_checker_does_not_clear",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.GRADED, S.DECIDED, S.PUBLICISED, S.OBJECTED, S.APPROVED])
                | Q(graded_by__isnull=False, score__isnull=False, proposed_amount__isnull=False),
                name="graded_means_score_and_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.DECIDED, S.PUBLICISED, S.OBJECTED, S.APPROVED])
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False, decided_amount__isnull=False)
                    & ~Q(decided_tier="")
                ),
                name="decided_means_tier_and_amount",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.PUBLICISED, S.OBJECTED, S.APPROVED]) | Q(notice__isnull=False),
                name="publicised_means_notice",
            ),
            models.CheckConstraint(
                condition=(Q(told_at=None) & ~Q(status__in=[S.OBJECTED, S.APPROVED]))
                | Q(told_at__isnull=False, status__in=[S.PUBLICISED, S.OBJECTED, S.APPROVED, S.NOT_APPROVED])
                | Q(told_at__isnull=False, status=S.DECIDED, notice__isnull=False),
                name="outcome_told_when_it_stands",
                violation_error_message=_("What is not published is not told."),
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(decided_at=None) | Q(told_at__gte=models.F("decided_at")),
                name="told_after_it_was_decided",
                violation_error_message=_("An outcome is told after it was decided."),
            ),
            models.CheckConstraint(
                condition=Q(status=S.APPROVED, approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(status=S.APPROVED) & Q(approved_by=None, approved_at=None)),
                name="approved_means_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("graded_by")), name="grader_does_not_decide"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("graded_by")), name="grader_does_not_approve"
            ),
            models.CheckConstraint(
                condition=Q(credit_by=None)
                | (
                    (Q(graded_by=None) | ~Q(credit_by=models.F("graded_by")))
                    & (Q(decided_by=None) | ~Q(credit_by=models.F("decided_by")))
                    & (Q(approved_by=None) | ~Q(credit_by=models.F("approved_by")))
                ),
                name="supervisor_neither_grades_nor_decides",
                violation_error_message=_("Who checks the integrity of a case neither grades nor decides it."),
            ),
            models.CheckConstraint(
                condition=Q(requested_amount__range=(0, MOST)), name="requested_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=(Q(proposed_amount=None) | Q(proposed_amount__range=(0, MOST)))
                & (Q(decided_amount=None) | Q(decided_amount__range=(0, MOST))),
                name="decided_amounts_not_negative",
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(score__gte=0, score__lte=100), name="score_in_100"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.consortium.name}"

    def get_absolute_url(self) -> str:
        return reverse("funding:application-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal

    @property
    def told_as(self) -> str:
        """What notices call it: of a rehearsal nobody takes it for the real one."""
        return f"{self.number} {self.consortium.name}" if self.is_rehearsal else self.consortium.name

    @property
    def is_editable(self) -> bool:
        """Whether its text may still be changed (by those who write for the lead)."""
        return self.status in WITH_LEAD

    def is_reopened(self, part: str) -> bool:
        """Whether this part may be changed now: every part of a draft, those ticked when it was returned."""
        whole = self.status == S.DRAFT or not self.reopened
        return self.is_editable and (whole or part in opened_by(self.reopened))

    def sections_of(self, user: Any) -> set[str]:
        """The codes of the sections that were given to somebody who still acts for a member; asks the database once."""
        acts = Participation.objects.filter(
            consortium=self.consortium_id, organisation__in=user.organisation_ids, status__in=JOINED
        )
        rows = SectionWriter.objects.filter(Exists(acts), application=self, person=user)
        return set(rows.values_list("section", flat=True))

    def section(self, code: str) -> Part:
        """One section, as a thing that people may write."""
        return Part(self, code)

    @property
    def designed(self) -> tuple[designs.Section, ...]:
        """The sections that its call asks beside those of every application."""
        return self.form_version.design.sections if self.form_version else ()

    def designed_section(self, code: str) -> designs.Section | None:
        """One of them."""
        return next((one for one in self.designed if one.code == code), None)

    @property
    def parts(self) -> dict[str, str | Promise]:
        """What a return can reopen in it, by code."""
        return {**PARTS, **{section.code: str(section.title) for section in self.designed}}

    @property
    def is_held_back(self) -> bool:
        """Whether its outcome stands, but nobody outside knows it yet."""
        return self.told_at is None and self.status in HELD_BACK

    @property
    def applicant_status(self) -> ApplicantStatus:
        """The status in the applicant's words, who is told of an outcome when its list is published, no sooner."""
        if self.is_held_back:
            return ApplicantStatus.WITH_BUREAU
        return APPLICANT_STATUS.get(ApplicationStatus(self.status), ApplicantStatus.WITH_BUREAU)

    def status_for(self, user: Any) -> str:
        """The status in the words of who reads it."""
        return self.get_status_display() if self.is_insider(user) else str(self.applicant_status.label)

    @cached_property
    def recused(self) -> frozenset[Any]:
        """The ids of the officials who keep away from it."""
        return frozenset(self.recusals.values_list("person", flat=True))

    def is_insider(self, user: Any) -> bool:
        """Whether the user works on this application for bureau or district (and so sees the officials' words)."""
        return bool(user.holds_any(BUREAU) or user.holds(Role.DISTRICT_OFFICER, district=self.district_id))


class SectionWriter(Record):
    """Somebody of a member who writes a section beside those who write for the lead."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="writers")
    section = models.CharField(max_length=20, choices=[(code, one.title) for code, one in SECTIONS.items()])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "section", "person"], name="section_writer_once",
                violation_error_message=_("This person writes the section already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.get_section_display()}"


class ApplicationFile(Record):
    """A file attached to an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    label = models.CharField(_("what it is"), max_length=120)
    question = models.CharField(max_length=20, blank=True, db_default="", default="")  # the designed one it answers
    drawn_at = models.DateTimeField(null=True)  # when its preview was made, or it turned out that there is none

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.label


class FilePreview(Record):
    """A picture of one of the first pages of a file."""

    file = models.ForeignKey(ApplicationFile, models.CASCADE, related_name="previews")
    page = models.PositiveSmallIntegerField(_("page"))
    picture = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["page"]
        constraints = [
            models.UniqueConstraint(fields=["file", "page"], name="one_preview_a_page"),
            models.CheckConstraint(condition=Q(page__gte=1), name="preview_pages_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.file} · {self.page}"


class Answer(Record):
    """What stands at one designed question; `version` is that of the application when it was saved."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    page = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question"], name="one_answer_a_question",
                violation_error_message=_("This question is answered already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application.number} · {self.question}"
