"""The read API of the reports room."""

from typing import Any

from rest_framework import serializers

from portal.kernel.api import VisibleViewSet
from portal.kernel.authz import may
from portal.kernel.models import Job
from reports.models import Evaluation, Report


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """An annual evaluation; score and grade are null until the reader may know them."""

    year = serializers.IntegerField(source="cycle.year")
    consortium = serializers.CharField(source="consortium.name")
    consortium_code = serializers.CharField(source="consortium.code")
    tier = serializers.CharField(source="consortium.tier")
    total = serializers.SerializerMethodField()
    grade = serializers.SerializerMethodField()

    class Meta:
        model = Evaluation
        fields = [
            "id", "year", "consortium", "consortium_code", "tier", "status", "submitted_at", "verified_at", "total",
            "grade", "finalised_at", "created_at",
        ]  # fmt: skip

    def get_total(self, evaluation: Evaluation) -> str | None:
        """Points with two decimals."""
        known = evaluation.total is not None and self._may_see(evaluation)
        return str(evaluation.total) if known else None

    def get_grade(self, evaluation: Evaluation) -> str | None:
        """EXCELLENT, GOOD, QUALIFIED or UNQUALIFIED."""
        return evaluation.grade if evaluation.grade and self._may_see(evaluation) else None

    def _may_see(self, evaluation: Evaluation) -> bool:
        return may(self.context["request"].user, "reports.see_grade", evaluation)


class JobSerializer(serializers.ModelSerializer[Job]):
    """How far the work on a report is; `progress` in per cent."""

    class Meta:
        model = Job
        fields = ["id", "state", "progress", "step", "attempts", "error", "started_at", "finished_at"]


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report document; `file_sha256` and `pages` are null until it is stored."""

    year = serializers.IntegerField(source="evaluation.cycle.year")
    consortium = serializers.CharField(source="evaluation.consortium.name")
    file_sha256 = serializers.CharField(source="file.sha256", default=None, allow_null=True)
    job = JobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Report
        fields = [
            "id", "number", "evaluation", "year", "consortium", "language", "template_version", "snapshot_hash",
            "is_final", "status", "pages", "file_sha256", "job", "created_at",
        ]  # fmt: skip


class EvaluationViewSet(VisibleViewSet):
    """Annual evaluations that the reader may see."""

    queryset = Evaluation.objects.select_related("cycle", "consortium").defer("snapshot", "values", "sheet", "scores")
    serializer_class = EvaluationSerializer


class ReportViewSet(VisibleViewSet):
    """Report documents that the reader may see, with the progress of their jobs."""

    queryset = Report.objects.select_related("evaluation__cycle", "evaluation__consortium", "job", "file").defer(
        "snapshot", "evaluation__snapshot"
    )
    serializer_class = ReportSerializer


ROUTES: list[tuple[str, Any, str]] = [
    ("evaluations", EvaluationViewSet, "evaluation"),
    ("reports", ReportViewSet, "report"),
]
