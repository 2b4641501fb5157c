"""The read API of the consortia room."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consortia.filters import ConsortiumFilter
from consortia.models import Consortium, Participation
from consortia.selectors import for_list
from portal.kernel.api import VisibleViewSet


class ParticipationSerializer(serializers.ModelSerializer[Participation]):
    """A present member; money in yuan."""

    organisation = serializers.CharField(source="organisation.name")

    class Meta:
        model = Participation
        fields = [
            "id", "organisation", "role", "layer", "chain_position", "cash", "in_kind", "ip_share", "person_months",
            "status", "confirmed_at",
        ]  # fmt: skip


class ConsortiumSerializer(serializers.ModelSerializer[Consortium]):
    """A row of the list."""

    lead = serializers.CharField(source="lead.name")

    class Meta:
        model = Consortium
        fields = [
            "id", "code", "name", "lead", "sub_field", "district", "type", "form", "tier", "status", "build_from",
            "build_to", "recognised_on", "created_at",
        ]  # fmt: skip


class ConsortiumDetailSerializer(ConsortiumSerializer):
    """One consortium with its present members."""

    members = serializers.SerializerMethodField()

    class Meta(ConsortiumSerializer.Meta):
        fields = [*ConsortiumSerializer.Meta.fields, "mission", "chief_scientist", "members"]

    @extend_schema_field(ParticipationSerializer(many=True))
    def get_members(self, consortium: Consortium) -> Any:
        """Invited and confirmed members, the lead first."""
        rows = consortium.participations.present().select_related("organisation").order_by("role", "created_at")
        return ParticipationSerializer(rows, many=True).data


class ConsortiumViewSet(VisibleViewSet):
    """Consortia that the reader may see."""

    queryset = Consortium.objects.all()
    filterset_class = ConsortiumFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return for_list(rows) if self.action == "list" else rows.select_related("lead")

    def get_serializer_class(self) -> Any:
        return ConsortiumSerializer if self.action == "list" else ConsortiumDetailSerializer


ROUTES: list[tuple[str, Any, str]] = [("consortia", ConsortiumViewSet, "consortium")]
