"""What a consortium brings forth: each outcome with its owners, its evidence and who uses it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    NUMBERED,
    PAID,
    AwardLevel,
    BreakthroughLevel,
    ClaimStatus,
    Market,
    OutcomeKind,
    PatentType,
    PipelineStage,
    StandardLevel,
    StandardRole,
    Verification,
)
from consortia.models.consortium import Consortium
from consortia.models.task import ResearchTask
from consortia.rules.numbers import canonical_number
from members.models import Organisation
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record
from portal.kernel.search import Bigrams, Fold

SHARE = [MinValueValidator(Decimal("0.01")), MaxValueValidator(100)]
K = OutcomeKind


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Outcomes, cut to what a person may see, or to what counts."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see."""
        return self.filter(consortium__in=Consortium.objects.visible_to(user))

    def counted(self) -> Self:
        """Without claims that yield: those withdrawn, and of a number in dispute all but the earliest claim."""
        return self.exclude(later_claims__status=ClaimStatus.OPEN).exclude(lost_claims__isnull=False)

    def counted_once(self) -> Self:
        """The same for sums over several consortia: what two share is counted with the earlier one."""
        return self.counted().exclude(later_claims__status=ClaimStatus.SHARED)

    def with_standing(self) -> Self:
        """Each with `disputed`, `counts`, `joint` and `proven`."""
        return self.annotate(
            disputed=Exists(Outcome.objects.filter(pk=OuterRef("pk")).filter(IN_DISPUTE)),
            counts=Exists(Outcome.objects.counted().filter(pk=OuterRef("pk"))),
            joint=Exists(CoOwner.objects.filter(outcome=OuterRef("pk"))),
            proven=Exists(OutcomeEvidence.objects.filter(outcome=OuterRef("pk"))),
        )


IN_DISPUTE = Q(earlier_claims__status=ClaimStatus.OPEN) | Q(later_claims__status=ClaimStatus.OPEN)


class Outcome(Record):
    """One result of one kind; amount in yuan (sales of a product, value of a contract).

    `owner` is named first on the document; `date` is the day that counts: of the grant, the publication, the launch.
    """

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="outcomes")
    kind = models.CharField(_("kind"), max_length=12, choices=OutcomeKind)
    name = models.CharField(_("name"), max_length=160)
    identifier = models.CharField(_("number"), max_length=60, blank=True)
    canonical = models.CharField(max_length=80, blank=True, editable=False)  # the one spelling of the number
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("owner"))
    owner_share = models.DecimalField(
        _("share of the owner (%)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=SHARE
    )
    outside_owners = models.CharField(_("owners outside the consortium"), max_length=200, blank=True)
    task = models.ForeignKey(
        ResearchTask, models.SET_NULL, null=True, blank=True, related_name="outcomes", verbose_name=_("research task")
    )
    stage = models.CharField(_("pipeline stage"), max_length=12, choices=PipelineStage, default=PipelineStage.RESEARCH)
    duty = models.CharField(_("duty to spread or license"), max_length=300, blank=True)
    offered = models.BooleanField(_("may be found by other consortia"), default=False, db_default=False)
    date = models.DateField(_("date"))
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    # --- facts of one kind only
    patent_type = models.CharField(_("type of patent"), max_length=10, choices=PatentType, blank=True)
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    standard_level = models.CharField(_("level of the standard"), max_length=14, choices=StandardLevel, blank=True)
    standard_role = models.CharField(_("role in the standard"), max_length=12, choices=StandardRole, blank=True)
    first_set = models.BooleanField(_("first set, batch or release"), default=False)
    market = models.CharField(_("target market"), max_length=1, choices=Market, blank=True)
    certificates = models.CharField(_("certificates"), max_length=300, blank=True)
    breakthrough_level = models.CharField(
        _("level of the breakthrough"), max_length=8, choices=BreakthroughLevel, blank=True
    )
    statement = models.TextField(_("statement of the breakthrough"), max_length=1000, blank=True)
    substitutes = models.BooleanField(_("domestic substitution"), default=False)
    award_level = models.CharField(_("level of the award"), max_length=10, choices=AwardLevel, blank=True)
    # --- what the bureau says
    verification = models.CharField(
        _("verification"), max_length=8, choices=Verification, default=Verification.OPEN, editable=False
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True, editable=False)
    doubt = models.CharField(_("reason of the doubt"), max_length=500, blank=True, editable=False)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["-date"]
        verbose_name = _("outcome")
        indexes = [
            GinIndex(Bigrams(Fold("name")), name="outcome_words"),
            models.Index(fields=["kind", "canonical"], name="outcome_number", condition=~Q(canonical="")),
            models.Index(fields=["date", "id"], name="outcome_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="outcome_amount_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in sorted(PAID)]) | Q(amount=0),
                name="outcome_amount_of_sales_or_contracts",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[kind.value for kind in sorted(NUMBERED)]) | ~Q(canonical=""),
                name="outcome_has_its_number",
                violation_error_message=_("An outcome of this kind has a number."),
            ),
            models.CheckConstraint(
                condition=Q(owner_share=None) | Q(owner_share__gt=0, owner_share__lte=100),
                name="outcome_share_in_range",
                violation_error_code="owner_share",
                violation_error_message=_("A share is more than 0 and at most 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(kind=K.PATENT, applied_on__isnull=False) & ~Q(patent_type="")
                | ~Q(kind=K.PATENT) & Q(patent_type="", applied_on=None, granted_on=None),
                name="patent_facts_of_patents",
            ),
            models.CheckConstraint(
                condition=~Q(kind=K.PATENT) | Q(date=Coalesce(F("granted_on"), F("applied_on"))),
                name="patent_counts_from_its_grant",
            ),
            models.CheckConstraint(
                condition=Q(granted_on=None) | Q(granted_on__gte=F("applied_on")),
                name="patent_granted_after_application",
                violation_error_code="granted_on",
                violation_error_message=_("A patent is not granted before it is applied for."),
            ),
            models.CheckConstraint(
                condition=Q(kind=K.STANDARD) & ~Q(standard_level="") & ~Q(standard_role="")
                | ~Q(kind=K.STANDARD) & Q(standard_level="", standard_role=""),
                name="standard_facts_of_standards",
            ),
            models.CheckConstraint(
                condition=Q(kind=K.PRODUCT) & ~Q(market="")
                | ~Q(kind=K.PRODUCT) & Q(market="", first_set=False, certificates=""),
                name="product_facts_of_products",
            ),
            models.CheckConstraint(
                condition=Q(kind=K.BREAKTHROUGH) & ~Q(breakthrough_level="") & ~Q(statement="")
                | ~Q(kind=K.BREAKTHROUGH) & Q(breakthrough_level="", statement="", substitutes=False),
                name="breakthrough_facts_of_breakthroughs",
            ),
            models.CheckConstraint(
                condition=Q(kind=K.AWARD) & ~Q(award_level="") | ~Q(kind=K.AWARD) & Q(award_level=""),
                name="award_facts_of_awards",
            ),
            models.CheckConstraint(
                condition=Q(verification=Verification.OPEN, judged_by=None, judged_at=None)
                | ~Q(verification=Verification.OPEN) & Q(judged_by__isnull=False, judged_at__isnull=False),
                name="judged_means_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(verification=Verification.DOUBTED) & ~Q(doubt="")
                | ~Q(verification=Verification.DOUBTED) & Q(doubt=""),
                name="doubted_means_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("consortia:outcome-detail", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The number is kept in its one spelling too, and a patent counts from its grant, or its application."""
        self.canonical = canonical_number(self.kind, self.identifier) if self.identifier else ""
        if self.kind == K.PATENT:
            self.date = self.granted_on or self.applied_on or self.date
        super().save(*args, **kwargs)

    @property
    def level(self) -> str:
        """The level or the type in words, whichever its kind has."""
        names = ("patent_type", "standard_level", "breakthrough_level", "award_level")
        return next((str(getattr(self, f"get_{name}_display")()) for name in names if getattr(self, name)), "")


class CoOwner(models.Model):
    """A member that owns an outcome together with the owner named first; without shares all own it equally."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="co_owners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    share = models.DecimalField(_("share (%)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=SHARE)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "organisation"], name="co_owner_once"),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=100), name="co_owner_share_in_range"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class OutcomeEvidence(Record):
    """A file that proves an outcome."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    label = models.CharField(_("what it proves"), max_length=120)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.label


class Adoption(Record):
    """Somebody who uses an outcome."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="adoptions")
    adopter = models.CharField(_("adopter"), max_length=120)
    since = models.DateField(_("in use since"))
    scene = models.CharField(_("where and what for"), max_length=300, blank=True)

    class Meta:
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return self.adopter
