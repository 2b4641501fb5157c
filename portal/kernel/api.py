"""Bases of the read API: visible rows only, clean refusals."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_409_CONFLICT
from rest_framework.views import exception_handler as default_handler
from rest_framework.viewsets import ReadOnlyModelViewSet

from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused


class VisibleViewSet(ReadOnlyModelViewSet[Any]):
    """Lists and shows what the reader may see of `queryset`, whose query set class has `visible_to`."""

    permission: str = ""  # a code asked before anything is read; empty leaves it to visible_to

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.permission:
            require(request.user, self.permission)

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()  # type: ignore[no-any-return]
        visible: QuerySet[Any] = rows.visible_to(self.request.user)
        return visible


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of the house as clean answers: 409 with the reasons, 403 and 400 with a sentence."""
    if isinstance(error, TransitionRefused):
        reasons = [str(reason) for reason in error.reasons]
        return Response({"detail": " ".join(reasons), "reasons": reasons}, status=HTTP_409_CONFLICT)
    return default_handler(_translated(error), context)


def _translated(error: Exception) -> Exception:
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(_("You may not do this."))
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(getattr(error, "message_dict", None) or {"detail": error.messages})
    return error
