"""Replaying a decision: the cases, one page for each, and its bundle."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from funding.models import Application
from funding.models.application import HEAVY
from funding.rules import verifying
from funding.selectors.windows import opened
from members.enums import Role
from portal.kernel import files
from portal.kernel.views import ListView, LoadMixin, PermissionMixin
from reports.selectors.replay import exhibits, replayed
from reports.services.replay import export_replay


class ReplayList(PermissionMixin, ListView):
    """Every case that was graded, newest step first."""

    model = Application
    permission = "reports.replay_decision"
    template_name = "reports/replay_list.html"
    sorts = ("moved_at",)
    default_sort = "-moved_at"

    def get_queryset(self) -> QuerySet[Application]:
        return replayed(self.actor).select_related("consortium", "call").defer(*HEAVY)


class ReplayMixin(LoadMixin, PermissionMixin):
    """Loads a graded case."""

    model = Application
    permission = "reports.replay_decision"

    def get_queryset(self) -> QuerySet[Application]:
        people = ("submitted_by", "recommended_by", "checked_by", "credit_by", "graded_by", "decided_by", "approved_by")
        rows = replayed(self.request.user) if self.request.user.is_authenticated else Application.objects.none()
        return rows.select_related("consortium", "call__rules", "notice__published_by", "notice__amends", *people)

    @property
    def named(self) -> bool:
        """Whether this reader knows the experts by name."""
        return bool(self.actor.holds(Role.AUDIT_ADMIN) or opened(self.object, self.actor).names)


class ReplayDetail(ReplayMixin, TemplateView):
    """What the decision rests on, with every hash computed again."""

    template_name = "reports/replay_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = exhibits(self.object, reader=self.actor, named=self.named)
        aggregation = next((one.content for one in found if one.code == "aggregation"), None)
        return super().get_context_data(
            application=self.object,
            exhibits=found,
            aggregation=aggregation,
            broken=[one for one in found if not one.matches],
            **kwargs,
        )


class ReplayBundle(ReplayMixin):
    """The bundle as a file; who takes it is put on record."""

    http_method_names = ["post", "options"]

    def post(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> FileResponse:
        content = export_replay(application=self.object, actor=self.actor, named=self.named, at=self.at)
        name = f"{self.object.number}.zip"
        response = FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")
        files.guard(response)
        return response


@method_decorator(login_not_required, name="dispatch")
class VerifyScript(View):
    """The program that checks any bundle: the very module that the portal packs with."""

    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        headers = {"Content-Disposition": 'attachment; filename="verify.py"', "Cache-Control": "private, no-store"}
        mime = "text/x-python; charset=utf-8"
        return HttpResponse(verifying.SOURCE.read_bytes(), content_type=mime, headers=headers)
