"""The expert pool: who enters it, by whose word, and how somebody leaves it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, OFFICIALS, Action, ExpertKind, ExpertStatus, Role
from members.models import Employment, Expert, Organisation, RoleGrant, User
from members.rules.experts import NEEDS_FIELD, unticked
from members.selectors import holders
from members.selectors.experts import entry_warnings
from members.services.roles import GRANTED, give, take, tell
from members.workflow import EXPERT
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

S = ExpertStatus
PROFILE = ("kind", "hnte_fields", "fields", "title_level", "born", "region", "yearly_limit")
IN_POOL = _("There is a profile in the pool already.")
NO_ACCOUNT = _("Nobody with this e-mail address can be nominated by you.")
NO_FIELD = _("An expert of this kind names at least one field of technology or sub-field.")
NO_EMPLOYER = _("Give the credit code of an organisation in the portal, or the name of another employer.")
TWO_EMPLOYERS = _("Give either the code or the name.")
UNKNOWN_CODE = _("No organisation with this credit code is in the portal.")
TOO_EARLY = _("This is not after the beginning at the employer before.")
OPEN_POINT = _("Without this nobody enters the pool.")
WARNED = _("Please say why this is no obstacle: %(warnings)s")
NO_REASON = _("Please give a reason.")
PAST_DAY = _("The last day is over already.")
LEFT = _("Left at the person's own wish.")

register("members.expert_nominated", _("You are nominated for the expert pool; please state your data."))
register("members.expert_to_confirm", _("%(expert)s wants to enter the expert pool; please confirm as the employer."))
register("members.expert_to_record", _("%(expert)s wants to enter the expert pool; the employer's word is missing."))
register("members.expert_to_check", _("%(expert)s wants to enter the expert pool; please check the entry."))
register("members.expert_to_admit", _("The entry of %(expert)s is checked; please decide on the admission."))
register("members.expert_admitted", _("You are admitted to the expert pool."))
register("members.expert_suspended", _("You are suspended from the expert pool: %(reason)s"), urgent=True)
register(
    "members.expert_overdue",
    _("Your data in the expert pool are a year old; please confirm them or state what they are now."), urgent=True,
)  # fmt: skip
register("members.expert_resumed", _("You are back in the expert pool."))
register("members.expert_removed", _("You are no longer in the expert pool: %(reason)s"), urgent=True)


# --- the person's own word -----------------------------------------------------------------------
@transaction.atomic
def apply_expert(*, actor: User, at: datetime, employer: Mapping[str, Any], **profile: Any) -> Expert:
    """Ask to enter the pool, for the first time or again. `profile` are the fields of PROFILE, for `employer` see
    `employ_expert`.

    Raises ValidationError for single fields.
    """
    User.objects.select_for_update().get(pk=actor.pk)
    expert = Expert.objects.filter(user=actor).first()
    require(actor, "members.apply_expert", expert)
    require_profile(profile=profile)
    if expert is None:
        expert = Expert.objects.create(user=actor, refreshed_at=at, created_at=at, **profile)
        audit.record(actor=actor, action=Action.APPLY_EXPERT, subject=expert, at=at, facts=profile)
    elif expert.status == S.REMOVED:
        _apply_again(expert, profile, actor, at)
    else:
        raise TransitionRefused(IN_POOL)
    _employ(expert, at=at, **employer)
    _ask_employer(expert, at)
    return expert


def _apply_again(expert: Expert, profile: Mapping[str, Any], actor: User, at: datetime) -> None:
    with EXPERT.moving(expert, Action.APPLY_EXPERT, actor=actor, at=at, facts=dict(profile)) as locked:
        _state(locked, profile, at)
        locked.ground = locked.unit_source = ""
        locked.nominated_by = locked.unit_confirmed_by = locked.checked_by = None
        locked.checked_at = locked.admitted_at = None


@transaction.atomic
def refresh_expert(*, expert: Expert, actor: User, at: datetime, **profile: Any) -> Expert:
    """The yearly word of the expert that its data are right, or what they are now."""
    require(actor, "members.update_expert", expert)
    require_profile(profile=profile)
    locked = _locked(expert)
    first = locked.refreshed_at is None
    _state(locked, profile, at)
    locked.save()
    audit.record(actor=actor, action=Action.REFRESH_EXPERT, subject=locked, at=at, facts=profile)
    if first:
        _ask_employer(locked, at)
    return locked


def remind_overdue(*, at: datetime) -> int:
    """Ask those whose yearly word is overdue for it, once until they give it; how many were asked."""
    return sum(_remind(expert, at) for expert in Expert.objects.to_remind(at).order_by("pk"))


@transaction.atomic
def _remind(expert: Expert, at: datetime) -> bool:
    waiting = Expert.objects.to_remind(at).select_for_update(of=("self",)).select_related("user")
    locked = waiting.filter(pk=expert.pk).first()
    if locked is None:
        return False
    locked.reminded_at = at
    locked.save(update_fields=["reminded_at"])
    notify(
        recipients=[locked.user], kind="members.expert_overdue", params={}, at=at,
        url=reverse("members:expert-refresh"),
    )  # fmt: skip
    return True


@transaction.atomic
def employ_expert(*, expert: Expert, actor: User, at: datetime, **employer: Any) -> Expert:
    """A new employer: `code` of an organisation in the portal or `name` of another one, `position`, `since`.

    The one before ends the day before. Raises ValidationError for single fields.
    """
    require(actor, "members.update_expert", expert)
    locked = _locked(expert)
    _employ(locked, at=at, **employer)
    facts = {"employer": employer["code"] or employer["name"], "since": employer["since"]}
    audit.record(actor=actor, action=Action.EMPLOY_EXPERT, subject=locked, at=at, facts=facts)
    if locked.status in {S.APPLIED, S.NOMINATED}:
        _ask_employer(locked, at)
    return locked


def leave_pool(*, expert: Expert, actor: User, at: datetime) -> Expert:
    """Leave at one's own wish."""
    return _out(expert, Action.LEAVE_POOL, str(LEFT), actor, at)


# --- entering ------------------------------------------------------------------------------------
@transaction.atomic
def nominate_expert(*, email: str, kind: ExpertKind, note: str, actor: User, at: datetime) -> Expert:
    """Propose somebody with an account; an organisation administrator only colleagues. The person states its own data.

    Raises ValidationError for `email`.
    """
    require(actor, "members.nominate_expert")
    person = _nominable(actor).filter(email=email.strip().lower()).first()
    if person is None:
        raise ValidationError({"email": NO_ACCOUNT})
    User.objects.select_for_update().get(pk=person.pk)
    if Expert.objects.filter(user=person).exists():
        raise ValidationError({"email": IN_POOL})
    expert = Expert.objects.create(user=person, status=S.NOMINATED, nominated_by=actor, kind=kind, created_at=at)
    audit.record(actor=actor, action=Action.NOMINATE_EXPERT, subject=expert, at=at, note=note)
    _tell(expert, "members.expert_nominated", [person], at)
    return expert


def _nominable(actor: User) -> QuerySet[User]:
    kept_apart = RoleGrant.objects.in_force().filter(role__in=sorted(OFFICIALS | ADMINISTRATORS)).values("user")
    people = User.objects.filter(is_active=True).exclude(pk__in=kept_apart).exclude(pk=actor.pk)
    if actor.is_official:
        return people
    homes = [home for role, home, _district in actor.grants if role == Role.ORG_ADMIN]
    return people.filter(role_grants__organisation__in=homes, role_grants__revoked_at=None).distinct()


def confirm_expert(*, expert: Expert, actor: User, at: datetime, note: str = "") -> Expert:
    """The employer agrees, and says that the person works there."""
    return _unit(expert, Action.CONFIRM_UNIT, note, actor, at)


def record_expert(*, expert: Expert, source: str, actor: User, at: datetime) -> Expert:
    """The officer records how an employer that is not in the portal agreed. Raises ValidationError for `source`."""
    if not source.strip():
        raise ValidationError({"source": _("Please say how the employer agreed: letter, number, day.")})
    return _unit(expert, Action.RECORD_UNIT, source, actor, at)


def _unit(expert: Expert, action: Action, source: str, actor: User, at: datetime) -> Expert:
    with EXPERT.moving(expert, action, actor=actor, at=at, note=source.strip()) as locked:
        locked.unit_confirmed_by, locked.unit_source = actor, source.strip()
        _tell(locked, "members.expert_to_check", holders(Role.OFFICER), at)
    return expert


def check_expert(*, expert: Expert, ticked: Collection[str], note: str, actor: User, at: datetime) -> Expert:
    """Every point of the checklist holds; what warns is explained in `note`.

    Raises ValidationError for single fields.
    """
    facts: dict[str, Any] = {}
    with EXPERT.moving(expert, Action.CHECK_ENTRY, actor=actor, at=at, note=note.strip(), facts=facts) as locked:
        warned = [str(text) for text in entry_warnings(locked, at)]
        _require_checked(ticked, warned, note)
        facts |= {"checklist": sorted(ticked), "warnings": warned}
        locked.checked_by, locked.checked_at = actor, at
        _tell(locked, "members.expert_to_admit", holders(Role.HEAD), at)
    return expert


def _require_checked(ticked: Collection[str], warned: list[str], note: str) -> None:
    if missing := unticked(ticked):
        raise ValidationError(dict.fromkeys(missing, OPEN_POINT))
    if warned and not note.strip():
        raise ValidationError({"note": WARNED % {"warnings": " ".join(warned)}})


def admit_expert(*, expert: Expert, actor: User, at: datetime, note: str = "") -> Expert:
    """Into the pool, with the role of an expert. Raises TransitionRefused when the person's roles do not allow it."""
    with EXPERT.moving(expert, Action.ADMIT_EXPERT, actor=actor, at=at, note=note.strip()) as locked:
        locked.admitted_at = at
        if not _roles(locked).exists():
            tell(grant=give(user=locked.user, role=Role.EXPERT, actor=actor, at=at), kind=GRANTED, at=at)
        _tell(locked, "members.expert_admitted", [locked.user], at)
    return expert


# --- suspension and removal ----------------------------------------------------------------------
def suspend_expert(*, expert: Expert, reason: str, until: date | None, actor: User, at: datetime) -> Expert:
    """Nothing new to review until the day is over, or until somebody ends it. Reviews that run stay.

    Raises ValidationError for `reason` and `until`.
    """
    if until and until < timezone.localdate(at):
        raise ValidationError({"until": PAST_DAY})
    facts = {"until": until}
    with EXPERT.moving(expert, Action.SUSPEND_EXPERT, actor=actor, at=at, note=_given(reason), facts=facts) as locked:
        locked.ground, locked.suspended_until = _given(reason), until
        _tell(locked, "members.expert_suspended", [locked.user], at, reason=locked.ground)
    return expert


def resume_expert(*, expert: Expert, reason: str, actor: User, at: datetime) -> Expert:
    """End a suspension early. Raises ValidationError for `reason`."""
    return _resume(expert, Action.RESUME_EXPERT, _given(reason), actor, at)


def end_suspensions(*, at: datetime) -> int:
    """Those whose last day has passed are back; how many."""
    over = Expert.objects.filter(status=S.SUSPENDED, suspended_until__lt=timezone.localdate(at)).order_by("pk")
    return len([_resume(expert, Action.END_SUSPENSION, "", None, at) for expert in over])


def _resume(expert: Expert, action: Action, note: str, actor: User | None, at: datetime) -> Expert:
    with EXPERT.moving(expert, action, actor=actor, at=at, note=note) as locked:
        locked.ground, locked.suspended_until = "", None
        _tell(locked, "members.expert_resumed", [locked.user], at)
    return expert


def remove_expert(*, expert: Expert, reason: str, actor: User, at: datetime) -> Expert:
    """Out of the pool, or not into it. Raises ValidationError for `reason`."""
    return _out(expert, Action.REMOVE_EXPERT, _given(reason), actor, at)


def _out(expert: Expert, action: Action, reason: str, actor: User, at: datetime) -> Expert:
    with EXPERT.moving(expert, action, actor=actor, at=at, note=reason) as locked:
        locked.ground, locked.suspended_until = reason, None
        for grant in _roles(locked).select_for_update(of=("self",)):
            take(grant=grant, actor=actor, at=at, note=reason)
        if actor.pk != locked.user_id:
            _tell(locked, "members.expert_removed", [locked.user], at, reason=reason)
    return expert


# --- parts ---------------------------------------------------------------------------------------
def require_profile(*, profile: Mapping[str, Any]) -> None:
    """What belongs together. Raises ValidationError for `hnte_fields`."""
    if profile["kind"] in NEEDS_FIELD and not (profile["hnte_fields"] or profile["fields"]):
        raise ValidationError({"hnte_fields": NO_FIELD})


def require_employer(*, code: str, name: str) -> Organisation | None:
    """The organisation of the code; None for an employer outside the portal. Raises ValidationError."""
    if code.strip() and name.strip():
        raise ValidationError({"name": TWO_EMPLOYERS})
    if not code.strip() and not name.strip():
        raise ValidationError({"code": NO_EMPLOYER})
    if not code.strip():
        return None
    found = Organisation.objects.filter(uscc=code.strip().upper()).first()
    if found is None:
        raise ValidationError({"code": UNKNOWN_CODE})
    return found


def _employ(expert: Expert, *, code: str, name: str, position: str, since: date, at: datetime) -> None:
    organisation = require_employer(code=code, name=name)
    before = expert.employments.filter(until=None).first()
    if before is not None:
        if since <= before.since:
            raise ValidationError({"since": TOO_EARLY})
        before.until = since - timedelta(days=1)
        before.save(update_fields=["until"])
    Employment.objects.create(
        expert=expert,
        organisation=organisation,
        name=name.strip(),
        position=position.strip(),
        since=since,
        created_at=at,
    )
    expert.employer = organisation
    expert.save(update_fields=["employer"])


def _state(expert: Expert, profile: Mapping[str, Any], at: datetime) -> None:
    for name in PROFILE:
        setattr(expert, name, profile[name])
    expert.refreshed_at = at


def _locked(expert: Expert) -> Expert:
    locked = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    if locked.status == S.REMOVED:
        raise TransitionRefused(_("This profile is no longer in the pool."))
    return locked


def _roles(expert: Expert) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.in_force().filter(user=expert.user_id, role=Role.EXPERT)


def _given(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    return reason.strip()


def _ask_employer(expert: Expert, at: datetime) -> None:
    """Whoever can speak for the employer is asked, else the officers record its word."""
    administrators = (
        holders(Role.ORG_ADMIN, organisation=expert.employer_id) if expert.employer_id else User.objects.none()
    )
    asked = list(administrators.exclude(pk=expert.user_id))
    if asked:
        _tell(expert, "members.expert_to_confirm", asked, at)
    else:
        _tell(expert, "members.expert_to_record", holders(Role.OFFICER), at)


def _tell(expert: Expert, kind: str, recipients: Any, at: datetime, **params: str) -> None:
    said = {"expert": expert.user.name, **params}
    notify(recipients=recipients, kind=kind, at=at, url=expert.get_absolute_url(), params=said)
