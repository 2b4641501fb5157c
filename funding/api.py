"""The read API of the funding room; money in yuan as decimal strings."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from funding.enums import ApplicantStatus
from funding.models import Application, Award, Call, Contract, Payment, RuleSet, Tranche
from funding.models.application import HEAVY
from funding.selectors.windows import sees_aggregates
from portal.kernel.api import VisibleViewSet

# What only officials read, and what the applicant reads once it is published.
INSIDE = ("status", "findings", "opinion", "check_note", "checked_at", "score", "proposed_tier", "proposed_amount")
AGGREGATES = ("score",)
DECISION = ("decided_tier", "decided_amount", "decided_at")
PUBLISHED = {ApplicantStatus.PUBLICISED, ApplicantStatus.APPROVED}


class RuleSetSerializer(serializers.ModelSerializer[RuleSet]):
    """The rules that a call is bound to."""

    class Meta:
        model = RuleSet
        fields = ["code", "name", "data", "sha256"]


class CallSerializer(serializers.ModelSerializer[Call]):
    """A row of the list."""

    class Meta:
        model = Call
        fields = [
            "id", "year", "round", "batch", "title", "document_number", "opens_at", "closes_at", "budget", "cap_a",
            "cap_b", "cap_c", "takes_new", "takes_upgrade", "selection_mode", "review_mode", "expert_mode",
            "budget_mode", "district_step", "credit_step", "site_visit", "defence", "status",
        ]  # fmt: skip


class CallDetailSerializer(CallSerializer):
    """One call with its guidelines and rules."""

    rules = RuleSetSerializer()

    class Meta(CallSerializer.Meta):
        fields = [*CallSerializer.Meta.fields, "guidelines", "rules"]


class CallViewSet(VisibleViewSet):
    """Calls; published ones are open to everybody."""

    queryset = Call.objects.select_related("rules")
    permission_classes = [AllowAny]
    filterset_fields = ["year", "status"]

    def get_serializer_class(self) -> type[CallSerializer]:
        """The rules only where one call is asked for."""
        return CallDetailSerializer if self.action == "retrieve" else CallSerializer


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """An application; what the reader may not know (yet) is left out."""

    consortium = serializers.CharField(source="consortium.name")
    lead = serializers.CharField(source="consortium.lead.name")
    sub_field = serializers.CharField(source="consortium.sub_field_id")
    applicant_status = serializers.CharField()

    class Meta:
        model = Application
        fields = [
            "id", "number", "call", "consortium", "lead", "sub_field", "district", "kind", "requested_tier",
            "requested_amount", "applicant_status", "submitted_at", "snapshot_hash", "correction_due", *INSIDE,
            *DECISION,
        ]  # fmt: skip

    def to_representation(self, instance: Application) -> dict[str, Any]:
        """Officials read all of it; applicants their own words, and the decision when it is published."""
        shown = super().to_representation(instance)
        user = self.context["request"].user
        hidden: tuple[str, ...] = () if sees_aggregates(instance, user) else AGGREGATES
        if not instance.is_insider(user):
            hidden = INSIDE if instance.applicant_status in PUBLISHED else (*INSIDE, *DECISION)
        for name in hidden:
            shown.pop(name)
        return shown


class ApplicationViewSet(VisibleViewSet):
    """Applications that the reader may see. No filter tells an applicant what its page does not."""

    queryset = Application.objects.all()
    serializer_class = ApplicationSerializer
    filterset_fields = ["call", "district", "kind", "requested_tier"]

    def get_queryset(self) -> QuerySet[Application]:
        """Without texts and snapshot."""
        rows: QuerySet[Application] = super().get_queryset()
        rows = rows.select_related("consortium__lead").prefetch_related("call__rules")
        return rows.defer(*HEAVY, "justification", "check_items", "rationale")


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """The contract of an award, without its terms."""

    class Meta:
        model = Contract
        fields = ["number", "status", "starts_on", "ends_on", "signed_at", "countersigned_at", "sha256"]


class AwardSerializer(serializers.ModelSerializer[Award]):
    """What a consortium was granted."""

    consortium = serializers.CharField(source="consortium.code")
    consortium_name = serializers.CharField(source="consortium.name")
    lead = serializers.CharField(source="consortium.lead.name")
    district = serializers.CharField(source="consortium.district_id")
    contract = ContractSerializer()

    class Meta:
        model = Award
        fields = [
            "id", "application", "consortium", "consortium_name", "lead", "district", "year", "tier", "amount",
            "document_number", "approved_on", "contract",
        ]  # fmt: skip


class AwardViewSet(VisibleViewSet):
    """Awards that the reader may see."""

    queryset = Award.objects.select_related("consortium__lead", "contract")
    serializer_class = AwardSerializer
    filterset_fields = ["year", "tier"]


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """The payment of a tranche."""

    class Meta:
        model = Payment
        fields = ["amount", "paid_on", "voucher", "receipt_on"]


class TrancheSerializer(serializers.ModelSerializer[Tranche]):
    """One instalment and how far it is."""

    consortium = serializers.CharField(source="award.consortium.code")
    payment = PaymentSerializer(allow_null=True, default=None)

    class Meta:
        model = Tranche
        fields = [
            "id", "award", "consortium", "sequence", "percent", "amount", "condition", "condition_met_on", "status",
            "requested_at", "verified_at", "reviewed_at", "approved_at", "hold_reason", "payment",
        ]  # fmt: skip


class TrancheViewSet(VisibleViewSet):
    """Tranches that the reader may see."""

    queryset = Tranche.objects.select_related("award__consortium", "payment")
    serializer_class = TrancheSerializer
    filterset_fields = ["award", "award__year", "status", "condition"]


ROUTES: list[tuple[str, Any, str]] = [
    ("calls", CallViewSet, "call"),
    ("applications", ApplicationViewSet, "application"),
    ("awards", AwardViewSet, "award"),
    ("tranches", TrancheViewSet, "tranche"),
]
