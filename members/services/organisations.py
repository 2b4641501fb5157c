"""Organisations: registered by their first person, invited by a lead, kept by their administrators."""

import unicodedata
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.enums import SELF_REGISTERED, Action, IdScheme, OrganisationStatus, OrganisationType, Role
from members.models import Organisation, RoleGrant, User
from members.rules.codes import identity, is_unusual, registration
from members.rules.notice import current_version
from members.services.invitations import send_invitation
from members.services.people import check_password
from members.services.roles import give
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

NAMESAKE = _(
    "An organisation of this name is in the portal already. If it is yours, ask its administrator for an invitation; "
    "another one of the same name registers with its own credit code."
)
DEREGISTERED = _("The organisation is recorded as deregistered; its data do not change any more.")
FIRST_ROLES = (Role.ORG_ADMIN, Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER)
INVITED_ROLES = (Role.ORG_ADMIN, Role.CONFIRMER)
EDITABLE = (
    "name", "type", "service", "lead_class", "ownership", "size_class", "listing", "chain_link", "industry_code",
    "registered_capital", "legal_representative", "established_on", "district", "province", "city", "adcode", "address",
)  # fmt: skip

CODE_KNOWN = _(
    "An organisation with this credit code is in the portal already. If it is yours, ask its administrator, or the "
    "lead enterprise that invited it, for an invitation."
)
NUMBER_KNOWN = _(
    "An organisation with this registration abroad is in the portal already. If it is yours, ask its administrator, or "
    "the lead enterprise that invited it, for an invitation."
)
ACCOUNT_KNOWN = _("This e-mail address has an account already; please sign in.")


def register_organisation(
    *,
    name: str,
    type: str,  # noqa: A002
    id_scheme: str,
    uscc: str | None,
    uscc_override: str = "",
    country: str = "",
    registration_number: str = "",
    person_name: str,
    email: str,
    password: str,
    language: str = "zh-hans",
    at: datetime,
    **facts: Any,
) -> User:
    """A new organisation and its first person, who may do everything for it. `facts` are further fields of it.

    Whoever calls knows that the person reads the mail to `email`: the refusal says whether it has an account.
    Raises ValidationError for single fields (also for a namesake without a code of its own), TransitionRefused when
    the code, the registration abroad or the address is known.
    """
    code = identity(id_scheme=id_scheme, code=uscc, reason=uscc_override)
    facts |= registration(id_scheme=id_scheme, country=country, number=registration_number)
    taken = CODE_KNOWN if code else NUMBER_KNOWN
    check_password(password=password, email=email, name=person_name, organisation=name)
    _require_kind(type)
    if not code:
        _require_own_name(name)
    try:
        with transaction.atomic():
            if _numbered(code, facts):
                raise TransitionRefused(taken)
            user = User.objects.create_user(
                email=email,
                name=person_name,
                password=password,
                language=language,
                date_joined=at,
                notice_version=current_version(),
                notice_at=at,
            )
            organisation = _create(name, type, id_scheme, code, uscc_override, actor=user, at=at, **facts)
            facts = {"code": organisation.code or None}
            audit.record(actor=user, action=Action.REGISTER, subject=organisation, at=at, facts=facts)
            for role in FIRST_ROLES:
                give(user=user, role=role, actor=None, at=at, organisation=organisation)
    except IntegrityError:
        known = User.objects.filter(email=email.strip().lower()).exists()
        raise TransitionRefused(ACCOUNT_KNOWN if known else taken) from None
    return user


@transaction.atomic
def invite_organisation(
    *,
    actor: User,
    name: str,
    uscc: str | None,
    id_scheme: str,
    type: str,  # noqa: A002
    contact_name: str,
    contact_email: str,
    at: datetime,
    uscc_override: str = "",
    country: str = "",
    registration_number: str = "",
) -> Organisation:
    """The organisation of this code or registration abroad (without either, of this name), made if need be.

    While nobody acts for it, the contact is invited by mail to administer it and to confirm in its name.
    Raises ValidationError for the fields `uscc`, `country` and `registration_number`.
    """
    require(actor, "members.invite_organisation")
    code = identity(id_scheme=id_scheme, code=uscc, reason=uscc_override)
    abroad = registration(id_scheme=id_scheme, country=country, number=registration_number)
    organisation = _numbered(code, abroad) or _named(code, id_scheme, name)
    if organisation is None:
        organisation = _create(name, type, id_scheme, code, uscc_override, actor=actor, at=at, **abroad)
        facts = {"code": organisation.code or None}
        audit.record(actor=actor, action=Action.INVITE_ORGANISATION, subject=organisation, at=at, facts=facts)
    if not RoleGrant.objects.in_force().filter(organisation=organisation).exists():
        send_invitation(
            organisation=organisation, email=contact_email, name=contact_name, roles=INVITED_ROLES, actor=actor, at=at
        )
    return organisation


@transaction.atomic
def update_organisation(
    *, organisation: Organisation, actor: User, at: datetime, seen: str = "", **facts: Any
) -> Organisation:
    """Change the data of an organisation; `facts` are among EDITABLE. The audit trail keeps what it was before.

    A new name is not the one that was verified: until it is verified anew, the organisation is not.
    Raises Stale when the data are not in the state `seen` any more.
    """
    require(actor, "members.update_organisation", organisation)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.status == OrganisationStatus.DEREGISTERED:
        raise TransitionRefused(DEREGISTERED)
    if unknown := set(facts) - set(EDITABLE):
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    require_unchanged(row=locked, seen=seen, typed=facts, names=EDITABLE)
    changed = {field: value for field, value in facts.items() if getattr(locked, field) != value}
    _require_kind(changed.get("type", OrganisationType.ENTERPRISE))
    if "name" in changed and not locked.uscc:
        _require_own_name(changed["name"])
    verified = locked.is_verified
    changes = {field: _change(locked, field, value) for field, value in changed.items()}
    if verified and not locked.is_verified:
        changes["verified"] = ["True", "False"]
    if changes:
        locked.save()
        audit.record(actor=actor, action=Action.UPDATE, subject=locked, at=at, facts=changes)
    return locked


def _require_kind(kind: str) -> None:
    if kind not in SELF_REGISTERED:
        raise ValidationError(
            {"type": _("An authority is not registered here; the bureau gives its people their roles.")}
        )


def _require_own_name(name: str) -> None:
    """Without a code the name alone tells who it is; full-width and half-width signs are the same."""
    half = unicodedata.normalize("NFKC", name)
    full = half.replace("(", "（").replace(")", "）")
    same = Q(name__iexact=name) | Q(name__iexact=half) | Q(name__iexact=full)
    if Organisation.objects.filter(same).exists():
        raise ValidationError({"name": NAMESAKE})


def _numbered(code: str | None, abroad: dict[str, Any]) -> Organisation | None:
    """The organisation of this credit code, or of this registration abroad."""
    if code:
        return Organisation.objects.filter(uscc=code).first()
    if not abroad["registration_number"]:
        return None
    number = {name: abroad[name] for name in ("country", "registration_number")}
    return Organisation.objects.filter(**number).first()


def _named(code: str | None, id_scheme: str, name: str) -> Organisation | None:
    """The organisation that is known by its name alone."""
    if code:
        return None
    return Organisation.objects.filter(uscc=None, registration_number="", id_scheme=id_scheme, name=name).first()


def _create(
    name: str, kind: str, id_scheme: str, code: str | None, reason: str, *, actor: User, at: datetime, **facts: Any
) -> Organisation:
    unusual = id_scheme == IdScheme.USCC and is_unusual(code or "")
    organisation = Organisation.objects.create(
        name=name, type=OrganisationType(kind), id_scheme=id_scheme, uscc=code,
        uscc_override=reason.strip() if unusual else "", **facts,
    )  # fmt: skip
    if unusual:
        note = organisation.uscc_override
        audit.record(
            actor=actor, action=Action.OVERRIDE_CODE, subject=organisation, at=at, note=note, facts={"code": code}
        )
    return organisation


def _change(organisation: Organisation, field: str, value: Any) -> list[str]:
    """Set the field; what it was and is, for the record."""
    before = getattr(organisation, field)
    setattr(organisation, field, value)
    return [_text(before), _text(value)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(getattr(value, "pk", value))
