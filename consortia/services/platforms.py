"""Joint platforms: who builds them, and what they do year by year."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import CoBuilder, Consortium, DirectRecognition, Platform, PlatformYear
from consortia.services.editing import editing, require_member, store
from portal.kernel.workflow import TransitionRefused

WHOLE = Decimal(100)


def add_platform(*, consortium: Consortium, platform: Platform, actor: Any, at: datetime) -> Platform:
    """Record an unsaved joint platform."""
    with editing(consortium=consortium, action=Action.ADD_PLATFORM, actor=actor, at=at, name=platform) as locked:
        platform.consortium, platform.created_at = locked, at
        _store_platform(locked, platform, at)
    return platform


def update_platform(*, platform: Platform, actor: Any, at: datetime, seen: str = "") -> Platform:
    """Store a changed joint platform; a new builder that helped to build it does so no longer in the second row."""
    with _part(platform, Action.UPDATE_PLATFORM, actor, at, name=platform, seen=seen) as locked:
        _require_as_recognised(platform, at)
        platform.co_builders.filter(organisation=platform.builder).delete()
        _require_whole(platform.share, *_shares_of(platform))
        _store_platform(locked, platform, at)
    return platform


def remove_platform(*, platform: Platform, actor: Any, at: datetime) -> None:
    """Take a joint platform off the record; one that was ever proposed for recognition stays."""
    with _part(platform, Action.REMOVE_PLATFORM, actor, at, name=platform):
        if platform.recognitions.exists():
            raise TransitionRefused(_("This platform has been proposed for direct recognition; it stays on record."))
        platform.delete()


# --- builders ----------------------------------------------------------------------------------
def add_builder(*, platform: Platform, builder: CoBuilder, actor: Any, at: datetime) -> CoBuilder:
    """Record an unsaved co-builder: a present member, or an organisation outside by its name."""
    with _part(platform, Action.ADD_BUILDER, actor, at, name=builder) as locked:
        builder.platform, builder.created_at = platform, at
        if builder.organisation:
            require_member(consortium=locked, organisation=builder.organisation, field="organisation")
            if builder.organisation == platform.builder:
                raise ValidationError({"organisation": _("This organisation is the builder already.")})
        _require_whole(_held(platform), builder.share, *_shares_of(platform))
        store(row=builder)
    return builder


def update_builder(*, builder: CoBuilder, actor: Any, at: datetime, seen: str = "") -> CoBuilder:
    """Store another share of a co-builder."""
    with _part(builder.platform, Action.UPDATE_BUILDER, actor, at, name=builder, subject=builder, seen=seen):
        others = _shares_of(builder.platform, besides=builder)
        _require_whole(_held(builder.platform), builder.share, *others)
        store(row=builder)
    return builder


def remove_builder(*, builder: CoBuilder, actor: Any, at: datetime) -> None:
    """Take a co-builder off the platform."""
    with _part(builder.platform, Action.REMOVE_BUILDER, actor, at, name=builder, subject=builder):
        builder.delete()


# --- what it does in a year --------------------------------------------------------------------
def add_service(*, platform: Platform, service: PlatformYear, actor: Any, at: datetime) -> PlatformYear:
    """Record the unsaved figures of a year."""
    with _part(platform, Action.ADD_SERVICE, actor, at, name=platform):
        service.platform, service.created_at = platform, at
        _store_service(service, at)
    return service


def update_service(*, service: PlatformYear, actor: Any, at: datetime, seen: str = "") -> PlatformYear:
    """Store changed figures of a year."""
    with _part(service.platform, Action.UPDATE_SERVICE, actor, at, name=service.platform, subject=service, seen=seen):
        _store_service(service, at)
    return service


def remove_service(*, service: PlatformYear, actor: Any, at: datetime) -> None:
    """Take the figures of a year off the record."""
    with _part(service.platform, Action.REMOVE_SERVICE, actor, at, name=service.platform, subject=service):
        service.delete()


# --- shared ------------------------------------------------------------------------------------
@contextmanager
def _part(
    platform: Platform, action: Action, actor: Any, at: datetime, *, name: object, subject: Any = None, seen: str = ""
) -> Iterator[Consortium]:
    """An edit of a platform or of a part of it; what officials are judging does not change under their hands."""
    with editing(
        consortium=platform.consortium, action=action, actor=actor, at=at, name=name, subject=subject or platform,
        seen=seen,
    ) as locked:  # fmt: skip
        if DirectRecognition.objects.running().exclude(status="RETURNED").filter(platform=platform).exists():
            raise TransitionRefused(
                _("Its direct recognition is being decided. Withdraw the proposal, or wait until it is returned.")
            )
        yield locked


def _store_platform(consortium: Consortium, platform: Platform, at: datetime) -> None:
    require_member(consortium=consortium, organisation=platform.builder, field="builder")
    if platform.opened_on and platform.opened_on > timezone.localdate(at):
        raise ValidationError({"opened_on": _("This day is still to come; leave it empty while it is being built.")})
    store(row=platform)


def _store_service(service: PlatformYear, at: datetime) -> None:
    if service.year > timezone.localdate(at).year:
        raise ValidationError({"year": _("This year is still to come.")})
    store(row=service)


def _require_as_recognised(platform: Platform, at: datetime) -> None:
    """What was recognised under a name and as a kind keeps both."""
    before = Platform.objects.get(pk=platform.pk)
    if not before.recognitions.in_force(timezone.localdate(at)).exists():
        return
    changed = [name for name in ("kind", "name") if getattr(before, name) != getattr(platform, name)]
    if changed:
        sentence = _("The platform was recognised under this; it stays until the recognition ends.")
        raise ValidationError(dict.fromkeys(changed, sentence))


def _held(platform: Platform) -> Decimal | None:
    """The share of the builder as it stands now."""
    return Platform.objects.values_list("share", flat=True).get(pk=platform.pk)


def _shares_of(platform: Platform, *, besides: CoBuilder | None = None) -> list[Decimal | None]:
    """The shares of the other co-builders; the caller holds the consortium's row."""
    others = platform.co_builders.exclude(pk=besides.pk) if besides else platform.co_builders.all()
    return list(others.values_list("share", flat=True))


def _require_whole(*shares: Decimal | None) -> None:
    """The shares of all builders together never exceed the whole."""
    whole = sum((share for share in shares if share), Decimal(0))
    if whole > WHOLE:
        raise ValidationError(
            {"share": _("The shares come to %(sum)s %%, more than 100 %%.") % {"sum": f"{whole.normalize():f}"}}
        )
