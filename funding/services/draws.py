"""Draws of experts: prepared, witnessed, drawn with public randomness; substitutes in their order."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus, ExpertMode, ReviewStatus
from funding.models import Application, Draw, DrawEntry, Review
from funding.rules import drawing
from funding.rules.terms import looks_right
from funding.selectors.draws import (
    TAKES_EXPERTS,
    can_fill,
    composition,
    filters_of,
    pool,
    seats_needed,
    to_replace,
)
from funding.selectors.experts import Candidate
from funding.services.experts import seat_experts
from funding.workflow import APPLICATION, DRAW
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import Reason, TransitionRefused

register("funding.draw_prepared", _("The draw of experts %(name)s waits for you as its witness."))
register("funding.draw_witnessed", _("The draw of experts %(name)s is witnessed."))
register("funding.draw_drawn", _("The experts of the draw %(name)s are drawn and told."))
register("funding.draw_cancelled", _("The draw of experts %(name)s is cancelled."))
register("funding.substitute_called", _("A substitute of the draw %(name)s is called."))

KEY = 16  # hex digits of the keys that stand for experts and employers


@dataclass(frozen=True)
class Beacon:
    """The public randomness as it is named beforehand."""

    source: str
    public_at: datetime
    pattern: str = ""


# --- prepare -----------------------------------------------------------------------------------
def prepare_draw(*, application: Application, seats: int, beacon: Beacon, actor: User, at: datetime) -> Draw:
    """Freeze the pool, fix a secret, and publish the hashes of both; the supervisors are asked to witness."""
    try:
        with transaction.atomic():
            locked = Application.everything.select_for_update(of=("self",)).get(pk=application.pk)
            require(actor, "funding.prepare_draw", locked)
            if reasons := _obstacles(locked, seats, beacon, at):
                raise TransitionRefused(*reasons)
            draw = _freeze(locked, seats, beacon, actor, at)
    except IntegrityError as error:
        raise TransitionRefused(_("A draw for this application is under way already.")) from error
    return draw


def prepare_draws(
    *, applications: Iterable[Application], seats: int, beacon: Beacon, actor: User, at: datetime
) -> tuple[list[Draw], list[tuple[Application, list[Reason]]]]:
    """A draw for each, all with the same randomness; those that are refused come back with the reasons."""
    require(actor, "funding.prepare_draws")
    made, refused = [], []
    for application in applications:
        try:
            made.append(prepare_draw(application=application, seats=seats, beacon=beacon, actor=actor, at=at))
        except TransitionRefused as refusal:
            refused.append((application, refusal.reasons))
    return made, refused


def _obstacles(application: Application, seats: int, beacon: Beacon, at: datetime) -> list[Reason]:
    needed = seats_needed(application)
    checks: tuple[tuple[bool, Reason], ...] = (
        (application.call.expert_mode == ExpertMode.INVITED,
         _("In this call experts are invited: choose them by name.")),
        (application.status not in TAKES_EXPERTS, _("The application takes no experts any more.")),
        (application.draws.standing().exists(), _("A draw for this application is under way already.")),
        (beacon.public_at <= at, _("The randomness must become public later than now.")),
        (seats < needed and application.status == ApplicationStatus.CHECKED,
         gettext("The panel lacks %(needed)s experts.") % {"needed": needed}),
    )  # fmt: skip
    return [text for broken, text in checks if broken]


def _freeze(application: Application, seats: int, beacon: Beacon, actor: User, at: datetime) -> Draw:
    secret, salt = secrets.token_hex(drawing.LENGTH), secrets.token_hex(drawing.LENGTH)
    last = application.draws.aggregate(last=Max("ordinal"))["last"] or 0
    draw = Draw(
        application=application, ordinal=last + 1, seats=seats, requested_by=application.checked_by,
        prepared_by=actor, prepared_at=at, created_at=at, secret=secret, salt=salt,
        commitment=drawing.commitment_of(secret),
        source=beacon.source, pattern=beacon.pattern, public_at=beacon.public_at,
    )  # fmt: skip
    draw.number = f"DR{timezone.localdate(at):%Y%m%d}-{draw.pk.hex[:6].upper()}"
    entries = [_entry(draw, salt, one) for one in pool(application, at)]
    draw.frozen = _frozen(draw, salt, entries, composition(application, seats), filters_of(application))
    draw.pool_hash = drawing.digest(draw.frozen)
    if not can_fill(draw.frozen["candidates"], draw.frozen["rules"]):
        raise TransitionRefused(_("The eligible experts cannot fill the seats in this composition."))
    draw.save(force_insert=True)
    DrawEntry.objects.bulk_create(entries)
    facts = {"draw": draw.number, "pool_hash": draw.pool_hash, "commitment": draw.commitment, "source": draw.source,
             "public_at": draw.public_at, "seats": seats, "candidates": len(draw.frozen["candidates"])}  # fmt: skip
    audit.record(actor=actor, action=Action.PREPARE_DRAW, subject=application, at=at, facts=facts)
    _tell(draw, holders(Role.SUPERVISOR), "funding.draw_prepared", at)
    return draw


def _entry(draw: Draw, salt: str, one: Candidate) -> DrawEntry:
    with override(None):  # the words of the source, to be translated for each reader
        reasons = "\n".join(getattr(reason, "kept", None) or str(reason) for reason in one.reasons)
    return DrawEntry(draw=draw, expert=one.expert, key=_key(salt, one.expert.pk), reasons=reasons)


def _key(salt: str, about: UUID | str) -> str:
    """Stands for a person, an employer or a reason in what is published; another one in every draw."""
    return hmac.new(bytes.fromhex(salt), str(about).encode(), hashlib.sha256).hexdigest()[:KEY]


def _frozen(draw: Draw, salt: str, entries: Sequence[DrawEntry], rules: Any, filters: Any) -> dict[str, Any]:
    ordered = sorted(entries, key=lambda entry: entry.key)
    return {
        "format": drawing.FORMAT,
        "number": draw.number,
        "case": _key(salt, draw.application_id),
        "prepared_at": _moment(draw.prepared_at),
        "filters": filters,
        "rules": rules,
        "source": {"name": draw.source, "public_at": _moment(draw.public_at)},
        "commitment": draw.commitment,
        "candidates": [
            {
                "key": one.key,
                "kind": one.expert.kind,
                "employer": _key(salt, one.expert.employer_id) if one.expert.employer_id else "",
            }
            for one in ordered
            if not one.reasons
        ],
        "excluded": [{"key": one.key, "reasons": _key(salt, one.reasons)} for one in ordered if one.reasons],
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- witness, draw -----------------------------------------------------------------------------
def witness_draw(*, draw: Draw, actor: User, at: datetime, note: str = "") -> Draw:
    """The supervisor has read the frozen pool and agrees, before anybody can know the randomness."""
    with DRAW.moving(draw, Action.WITNESS_DRAW, actor=actor, at=at, note=note) as locked:
        locked.witnessed_by, locked.witnessed_at = actor, at
        _tell(locked, [locked.prepared_by], "funding.draw_witnessed", at)
    return draw


def draw_experts(*, draw: Draw, randomness: str, actor: User, at: datetime) -> Draw:
    """Draw with the randomness that became public; the experts drawn are asked to review."""
    facts: dict[str, Any] = {}
    with DRAW.moving(draw, Action.DRAW_EXPERTS, actor=actor, at=at, facts=facts) as locked:
        text = drawing.normal(randomness)
        if not text or not looks_right(locked.pattern, text):
            raise TransitionRefused(_("This does not look like a value of the source that was named."))
        entries = {one.key: one for one in locked.entries.select_related("expert__user")}
        left = _left(locked.application, entries.values(), at)
        secret = locked.secret.reveal()
        try:
            locked.record = drawing.new_record(locked.frozen, secret, text, left, _moment(at))
        except drawing.NotEnough as error:
            raise TransitionRefused(
                _("Too many have left the pool to fill the seats: cancel this draw and prepare another.")
            ) from error
        locked.randomness, locked.revealed, locked.record_hash = text, secret, drawing.digest(locked.record)
        locked.drawn_by, locked.drawn_at = actor, at
        facts["left"] = left
        _place_in_line(locked, entries)
        _seat(locked, entries, actor, at)
        _tell(locked, [locked.prepared_by], "funding.draw_drawn", at)
    return draw


def draw_together(
    *, draw: Draw, others: Iterable[Draw], randomness: str, actor: User, at: datetime
) -> tuple[list[Draw], list[Draw]]:
    """One draw, and others that wait for the same randomness; those that could not be drawn come second."""
    made, refused = [draw_experts(draw=draw, randomness=randomness, actor=actor, at=at)], []
    for one in others:
        try:
            made.append(draw_experts(draw=one, randomness=randomness, actor=actor, at=at))
        except TransitionRefused:
            refused.append(one)
    return made, refused


def _left(application: Application, entries: Iterable[DrawEntry], at: datetime) -> list[str]:
    """Who was a candidate when the pool was frozen and could not review any more."""
    barred = {one.expert.pk for one in pool(application, at) if one.reasons}
    return sorted(one.key for one in entries if not one.reasons and one.expert_id in barred)


def _place_in_line(draw: Draw, entries: dict[str, DrawEntry]) -> None:
    record: Any = draw.record
    result = record["result"]
    seats = {key: seat for seat, key in enumerate(result["drawn"], 1)}
    passed = {one["key"]: one["reason"] for one in result["skipped"]}
    line = drawing.line_up(draw.frozen, draw.revealed, draw.randomness)
    for rank, one in enumerate(line, 1):
        entry = entries[one["key"]]
        entry.rank, entry.seat, entry.passed_over = rank, seats.get(entry.key), passed.get(entry.key, "")
    DrawEntry.objects.bulk_update(entries.values(), ["rank", "seat", "passed_over"])


def _seat(draw: Draw, entries: dict[str, DrawEntry], actor: User, at: datetime) -> None:
    record: Any = draw.record
    drawn = [entries[key] for key in record["result"]["drawn"]]
    facts: dict[str, Any] = {"method": "draw", "draw": draw.number, "record_hash": draw.record_hash}
    with APPLICATION.moving(draw.application, Action.DRAW_EXPERTS, actor=actor, at=at, facts=facts) as application:
        experts = [entry.expert for entry in drawn]
        reviews = seat_experts(application=application, experts=experts, assigned_by=draw.prepared_by, at=at)
        facts["experts"] = [expert.pk for expert in experts]
    for entry, review in zip(drawn, reviews, strict=True):
        entry.review = review
    DrawEntry.objects.bulk_update(drawn, ["review"])


def cancel_draw(*, draw: Draw, actor: User, at: datetime, note: str) -> Draw:
    """Give a draw up that has not taken place, for a reason that stays with it."""
    with DRAW.moving(draw, Action.CANCEL_DRAW, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise TransitionRefused(_("Please give a reason."))
        locked.cancelled_by, locked.cancelled_at, locked.reason = actor, at, note.strip()
        _tell(locked, {locked.prepared_by, *holders(Role.SUPERVISOR)} - {actor}, "funding.draw_cancelled", at)
    return draw


# --- substitutes -------------------------------------------------------------------------------
def call_substitute(*, review: Review, actor: User, at: datetime) -> Review:
    """Call the next in line for an expert who stepped back; there is nothing to choose."""
    return _call_next(review, Action.CALL_SUBSTITUTE, actor, at)


def fill_seat(*, review: Review, at: datetime) -> Review:
    """The same without anybody at the desk, where the rules of the call let the portal do it."""
    return _call_next(review, Action.FILL_SEAT, None, at)


def _call_next(review: Review, action: Action, actor: User | None, at: datetime) -> Review:
    facts: dict[str, Any] = {}
    with APPLICATION.moving(review.application, action, actor=actor, at=at, facts=facts) as application:
        entry = _replaced(review)
        draw = Draw.everything.select_for_update(of=("self",)).get(pk=entry.draw_id)
        entries = {one.key: one for one in draw.entries.select_related("expert__user", "review")}
        call = _next_call(draw, entries, entry.key, _left(application, entries.values(), at), at)
        draw.calls = [*draw.calls, call]
        draw.save(update_fields=["calls"])
        called = entries[call["called"]]
        by = actor or draw.prepared_by
        [seated] = seat_experts(application=application, experts=[called.expert], assigned_by=by, at=at)
        called.review, entries[entry.key].replaced = seated, True
        DrawEntry.objects.bulk_update([called, entries[entry.key]], ["review", "replaced"])
        facts |= {"draw": draw.number, "call": call, "expert": called.expert_id}
        _tell(draw, holders(Role.SUPERVISOR), "funding.substitute_called", at)
    return seated


def _replaced(review: Review) -> DrawEntry:
    found = to_replace(review)
    if found is None:
        raise TransitionRefused(_("For this review no substitute is to be called."))
    return found


def _next_call(draw: Draw, entries: dict[str, DrawEntry], replaces: str, left: Collection[str], at: datetime) -> Any:
    gone = {
        key
        for key, one in entries.items()
        if one.review and not one.replaced and one.review.status == ReviewStatus.RECUSED
    }
    waiting = {key for key, one in entries.items() if one.review is None}
    try:
        return drawing.new_call(
            draw.record or {}, draw.calls, replaces, waiting & set(left), _moment(at), gone - {replaces}
        )
    except drawing.NotEnough as error:
        raise TransitionRefused(_("No substitute is left who fits: prepare a further draw.")) from error


def _tell(draw: Draw, recipients: Iterable[User], kind: str, at: datetime) -> None:
    notify(recipients=recipients, kind=kind, params={"name": draw.number}, url=draw.get_absolute_url(), at=at)
