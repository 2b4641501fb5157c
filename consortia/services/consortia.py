"""The consortium itself: formed, described, started, and what becomes of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, Action, ConsortiumForm, ParticipationRole, Tier
from consortia.models import Consortium, Participation, Rectification, Shareholding, SubField
from consortia.rules.profile import LEADING
from consortia.rules.stages import RECTIFICATION_MONTHS, months_later, reachable_tiers
from consortia.services.editing import editing, note_edit, require_member, store
from consortia.services.life import NO_PAPER, Paper, note_event, require_paper, require_reason
from consortia.services.notices import tell_all, tell_bureau
from consortia.services.participations import Part, create_participation
from consortia.workflow import CONSORTIUM
from members.models import Organisation
from members.rules.codes import credit_code
from portal.kernel import files
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

PROFILE = (
    "name", "sub_field", "district", "type", "form", "entity_name", "entity_code", "entity_capital", "operating_model",
    "directions", "chain_action", "industry_class", "mission", "alignment", "chief_scientist", "governance",
    "decision_body", "secretariat", "exit_plan", "sunset_on",
)  # fmt: skip
WHOLE = Decimal(100)
FILES = "consortium"
REASON = 2000  # characters that the timeline keeps
NOT_INCORPORATED = _("Only an incorporated consortium has shares.")


def create_consortium(
    *, consortium: Consortium, part: Part, actor: Any, at: datetime, cross_fields: Iterable[SubField] = ()
) -> Consortium:
    """Form a consortium from an unsaved row; the lead takes part with `part` and confirms it like every member.

    The row brings lead and profile; code and author are set here.
    """
    with transaction.atomic():
        require(actor, "consortia.create_consortium", consortium.lead)
        if consortium.lead.type not in LEADING:
            raise TransitionRefused(_("An organisation of this kind does not lead a consortium."))
        year = timezone.localtime(at).year
        consortium.code = f"LHT-{year}-{next_number(f'LHT-{year}'):04d}"
        consortium.created_by, consortium.created_at = actor, at
        _require_sound_profile(consortium)
        store(row=consortium)
        consortium.cross_fields.set(cross_fields)
        lead = Participation(
            consortium=consortium, organisation=consortium.lead, role=ParticipationRole.LEAD, **part.facts()
        )
        create_participation(participation=lead, actor=actor, at=at)
        facts = {"participation": str(lead.pk), "part": part.said()}
        note_event(consortium=consortium, kind=Action.CREATE, actor=actor, at=at, by=consortium.lead.name)
        note_edit(consortium=consortium, action=Action.CREATE, actor=actor, at=at, name=consortium.name, facts=facts)
    return consortium


def update_consortium(
    *,
    consortium: Consortium,
    actor: Any,
    at: datetime,
    seen: str = "",
    cross_fields: Iterable[SubField] | None = None,
) -> Consortium:
    """Store the changed profile of a consortium in preparation; `cross_fields` None leaves them as they are."""
    facts: dict[str, Any] = {}
    with editing(
        consortium=consortium, action=Action.UPDATE, actor=actor, at=at, name=consortium.name, facts=facts, seen=seen
    ) as locked:
        _require_sound_profile(consortium)
        changed = [name for name in PROFILE if getattr(locked, name) != getattr(consortium, name)]
        for name in changed:
            setattr(locked, name, getattr(consortium, name))
        store(row=locked)
        if locked.form == ConsortiumForm.VIRTUAL:
            locked.shareholdings.all().delete()
        if cross_fields is not None:
            changed += _set_cross_fields(locked, cross_fields)
        facts["fields"] = changed
    return locked


def _set_cross_fields(consortium: Consortium, wanted: Iterable[SubField]) -> list[str]:
    before = set(consortium.cross_fields.all())
    consortium.cross_fields.set(wanted)
    return [] if before == set(wanted) else ["cross_fields"]


def _require_sound_profile(consortium: Consortium) -> None:
    """The sub-field is of a published version, and the form is sound."""
    if not SubField.objects.published().filter(pk=consortium.sub_field_id).exists():
        raise ValidationError({"sub_field": _("This sub-field is in no published version of the taxonomy.")})
    require_sound_form(consortium=consortium)


def require_sound_form(*, consortium: Consortium) -> None:
    """A company has its own name and code, what is virtual has none. Raises ValidationError for single fields."""
    if consortium.form == ConsortiumForm.VIRTUAL:
        consortium.entity_name, consortium.entity_code, consortium.entity_capital = "", "", None
        return
    missing = [name for name in ("entity_name", "entity_code") if not getattr(consortium, name).strip()]
    if missing:
        raise ValidationError({name: _("An incorporated consortium needs this.") for name in missing})
    try:
        consortium.entity_code = credit_code(consortium.entity_code)
    except ValidationError as error:
        raise ValidationError({"entity_code": error.messages}) from None


def set_shares(
    *, consortium: Consortium, shares: Mapping[Organisation, Decimal], actor: Any, at: datetime, note: str = ""
) -> Consortium:
    """Record who holds how many per cent of the company; together at most 100, and present members only.

    Once the consortium is at work it needs the reason `note`, and stands on the timeline.
    """
    facts: dict[str, Any] = {"shares": {str(one.pk): f"{share:.4f}" for one, share in shares.items() if share}}
    with editing(
        consortium=consortium, action=Action.SET_SHARES, actor=actor, at=at, name=consortium.name, facts=facts,
        note=note.strip(),
    ) as locked:  # fmt: skip
        if locked.status in AT_WORK:
            require_reason(note=note)
            _require_other_shares(locked, shares)
        if locked.form != ConsortiumForm.ENTITY:
            raise TransitionRefused(NOT_INCORPORATED)
        if any(share < 0 for share in shares.values()) or sum(shares.values()) > WHOLE:
            raise ValidationError(_("The shares of all members together are at most 100 %."))
        for organisation in shares:
            require_member(consortium=locked, organisation=organisation, field="shares")
        locked.shareholdings.all().delete()
        Shareholding.objects.bulk_create(
            Shareholding(consortium=locked, organisation=one, share=share, created_at=at)
            for one, share in shares.items()
            if share
        )
        if locked.status in AT_WORK:
            note_event(
                consortium=locked, kind=Action.SET_SHARES, actor=actor, at=at, by=locked.lead.name, reason=note.strip()
            )
            tell_all(consortium=locked, kind="consortia.shares_amended", at=at)
            tell_bureau(consortium=locked, kind="consortia.shares_amended", at=at)
    return locked


def _require_other_shares(consortium: Consortium, shares: Mapping[Organisation, Decimal]) -> None:
    held = {one.organisation_id: one.share for one in consortium.shareholdings.all()}
    if held == {one.pk: share for one, share in shares.items() if share}:
        raise TransitionRefused(_("Nothing has changed."))


# --- decisions of the bureau -------------------------------------------------------------------
def start_consortium(
    *,
    consortium: Consortium,
    actor: Any,
    tier: Tier | str,
    recognised_on: date,
    build_from: date,
    build_to: date,
    at: datetime,
    note: str = "",
    paper: Paper = NO_PAPER,
) -> Consortium:
    """Recognise a prepared consortium in its tier; the build period runs from `build_from` to `build_to`."""
    if build_to <= build_from:
        raise ValidationError({"build_to": _("The build period must end after it begins.")})
    facts = {"tier": Tier(tier).value, "recognised_on": recognised_on.isoformat()} | paper.facts()
    with CONSORTIUM.moving(consortium, Action.START, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.tier, locked.recognised_on = Tier(tier).value, recognised_on
        locked.build_from, locked.build_to = build_from, build_to
        locked.sunset_on = locked.sunset_on or build_to
        tell_all(consortium=locked, kind="consortia.started", at=at, tier=locked.tier)
        note_event(
            consortium=locked, kind=Action.START, actor=actor, at=at, reason=note, paper=paper, tier_after=locked.tier
        )
    return consortium


def upgrade_consortium(
    *, consortium: Consortium, actor: Any, tier: Tier | str, at: datetime, note: str, paper: Paper
) -> Consortium:
    """Raise the tier; the three gates stand in the table."""
    return _change_tier(consortium, Action.UPGRADE, actor, Tier(tier), at, note, paper)


def downgrade_consortium(
    *, consortium: Consortium, actor: Any, tier: Tier | str, at: datetime, note: str, paper: Paper
) -> Consortium:
    """Lower the tier; from tier C on the consortium is cultivated."""
    return _change_tier(consortium, Action.DOWNGRADE, actor, Tier(tier), at, note, paper)


def _change_tier(
    consortium: Consortium, action: Action, actor: Any, tier: Tier, at: datetime, note: str, paper: Paper
) -> Consortium:
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    facts: dict[str, Any] = paper.facts()
    with CONSORTIUM.moving(consortium, action, actor=actor, at=at, note=reason, facts=facts) as locked:
        before = locked.tier
        if tier.value not in reachable_tiers(before, action):
            raise TransitionRefused(_("From tier %(tier)s this is not the direction.") % {"tier": before})
        locked.tier = tier.value
        facts |= {"before": before, "after": locked.tier}
        tell_all(consortium=locked, kind="consortia.tier_changed", at=at, tier=locked.tier)
        note_event(
            consortium=locked, kind=action, actor=actor, at=at, reason=reason, paper=paper, tier_before=before,
            tier_after=locked.tier,
        )  # fmt: skip
    return consortium


def rectify_consortium(
    *,
    consortium: Consortium,
    actor: Any,
    at: datetime,
    note: str,
    due: date | None = None,
    demands: str = "",
    paper: Paper = NO_PAPER,
) -> Consortium:
    """Order the consortium to put right what `demands` says (by default the reason) until `due`."""
    reason, today = require_reason(note=note), timezone.localdate(at)
    due = due or months_later(today, RECTIFICATION_MONTHS)
    if due <= today:
        raise ValidationError({"due": _("The deadline lies in the future.")})
    facts = {"due": due.isoformat()} | paper.facts()
    with CONSORTIUM.moving(consortium, Action.RECTIFY, actor=actor, at=at, note=reason, facts=facts) as locked:
        locked.rectify_by = due
        Rectification.objects.create(consortium=locked, demands=demands.strip() or reason, due=due, created_at=at)
        tell_all(consortium=locked, kind="consortia.rectifying", at=at)
        note_event(consortium=locked, kind=Action.RECTIFY, actor=actor, at=at, reason=reason, paper=paper)
    return consortium


def report_rectification(
    *, consortium: Consortium, report: str, evidence: "UploadedFile[Any] | None", actor: Any, at: datetime
) -> Rectification:
    """The lead says what was done, with a file to show it; a later report replaces the earlier one."""
    if not report.strip():
        raise ValidationError({"report": _("Say what was done.")})
    with editing(
        consortium=consortium, action=Action.REPORT_RECTIFICATION, actor=actor, at=at, name=consortium.name
    ) as locked:
        row: Rectification = locked.rectifications.select_for_update(of=("self",)).get(closed_on=None)
        if evidence:
            row.evidence = files.store(evidence, actor=actor, kind=FILES, at=at, owner=locked.lead_id)
        row.report, row.reported_by, row.reported_at = report.strip(), actor, at
        row.save()
        note_event(
            consortium=locked, kind=Action.REPORT_RECTIFICATION, actor=actor, at=at, by=locked.lead.name,
            reason=row.report[:REASON],
        )  # fmt: skip
        tell_bureau(consortium=locked, kind="consortia.rectification_reported", at=at)
    return row


def resume_consortium(
    *, consortium: Consortium, actor: Any, at: datetime, note: str, paper: Paper = NO_PAPER
) -> Consortium:
    """Accept the rectification."""
    reason = require_reason(note=note)
    with CONSORTIUM.moving(consortium, Action.RESUME, actor=actor, at=at, note=reason, facts=paper.facts()) as locked:
        end_rectification(consortium=locked, at=at)
        tell_all(consortium=locked, kind="consortia.resumed", at=at)
        note_event(consortium=locked, kind=Action.RESUME, actor=actor, at=at, reason=reason, paper=paper)
    return consortium


def graduate_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str, paper: Paper) -> Consortium:
    """End the support of a consortium that stands on its own feet."""
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    with CONSORTIUM.moving(consortium, Action.GRADUATE, actor=actor, at=at, note=reason, facts=paper.facts()) as locked:
        tell_all(consortium=locked, kind="consortia.graduated", at=at)
        note_event(consortium=locked, kind=Action.GRADUATE, actor=actor, at=at, reason=reason, paper=paper)
    return consortium


def end_rectification(*, consortium: Consortium, at: datetime) -> None:
    """Close the running order, if there is one; the caller holds and saves the consortium."""
    consortium.rectify_by = None
    consortium.rectifications.filter(closed_on=None).update(closed_on=timezone.localdate(at))
