"""The trail of a consortium as sentences: who did what, when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, SevenOnes
from consortia.models import Consortium, DirectRecognition, Milestone
from consortia.rules.platforms import DirectAction
from consortia.selectors.registers import BY_SLUG
from members.enums import OFFICIALS
from members.models import User
from portal.kernel.models import AuditEntry

Text = str | Promise
A, X = Action, DirectAction

SENTENCES: Mapping[str, tuple[Text, str, str]] = {
    A.CREATE: (_("formed the consortium"), "brand", "affiliate"),
    A.UPDATE: (_("updated the profile"), "", "edit"),
    A.AMEND: (_("amended the profile"), "", "edit"),
    A.START: (_("started the build period in tier %(tier)s; recognised on %(recognised_on)s"), "ok", "rosette"),
    A.ABANDON: (_("gave the preparation up"), "", "logout"),
    A.RECTIFY: (_("ordered rectification"), "warn", "alert-triangle"),
    A.RESUME: (_("accepted the rectification"), "ok", "player-play"),
    A.GRADUATE: (_("let the consortium graduate"), "ok", "award"),
    A.EXIT: (_("recorded that the consortium leaves"), "", "logout"),
    A.REPORT_RECTIFICATION: (_("reported what was rectified"), "", "report"),
    A.SET_SHARES: (_("recorded the shareholding of the company"), "", "chart-bar"),
    A.REQUEST_EXIT: (_("asked to leave"), "warn", "logout"),
    A.OPEN_EXIT: (_("opened an exit case"), "bad", "folder-open"),
    A.REVOKE: (_("revoked the recognition"), "bad", "ban"),
    A.UPGRADE: (_("raised the tier from %(before)s to %(after)s"), "ok", "trending-up"),
    A.DOWNGRADE: (_("lowered the tier from %(before)s to %(after)s"), "warn", "trending-down"),
    A.INVITE: (_("invited %(name)s"), "", "user-plus"),
    A.REVISE: (_("changed the part of %(name)s, which has to confirm it again"), "warn", "edit"),
    A.CONFIRM: (_("confirmed its part"), "ok", "user-check"),
    A.CONFIRM_ITEM: (_("confirmed items of its part"), "ok", "user-check"),
    A.LAPSE: (_("changed what %(name)s had confirmed, which has to confirm it again"), "warn", "refresh"),
    A.REMIND: (_("reminded %(name)s"), "", "bell"),
    A.EXPIRE: (_("let the invitation of %(name)s expire"), "", "clock-exclamation"),
    A.WITHDRAW: (_("withdrew the invitation of %(name)s"), "", "arrow-back-up"),
    A.STEP_BACK: (_("stepped back from the preparation"), "warn", "logout"),
    A.REQUEST_DEPARTURE: (_("asked for the departure of %(name)s"), "warn", "logout"),
    A.ALLOCATE_DEPARTURE: (_("named the takers of what %(name)s hands over"), "", "users"),
    A.CONSENT_DEPARTURE: (_("agreed to take over from %(name)s: %(row)s"), "ok", "check"),
    A.REFUSE_DEPARTURE: (_("refused to take over from %(name)s: %(row)s"), "bad", "user-x"),
    A.CANCEL_DEPARTURE: (_("took the departure of %(name)s back"), "", "arrow-back-up"),
    A.STAY: (_("let %(name)s stay"), "", "user-check"),
    A.SETTLE_DEPARTURE: (_("settled the departure of %(name)s"), "ok", "arrows-exchange"),
    A.DECLINE: (_("declined to take part"), "bad", "user-x"),
    A.LEAVE: (_("recorded that %(name)s leaves"), "", "user-off"),
    A.PROPOSE_LEAD_CHANGE: (_("proposed that %(name)s leads"), "warn", "arrows-exchange"),
    A.CONSENT_LEAD_CHANGE: (_("consented that %(name)s leads"), "ok", "check"),
    A.REFUSE_LEAD_CHANGE: (_("refused that %(name)s leads"), "bad", "user-x"),
    A.WITHDRAW_LEAD_CHANGE: (_("took back the proposal that %(name)s leads"), "", "arrow-back-up"),
    A.APPROVE_LEAD_CHANGE: (_("let the lead pass from %(before)s to %(after)s"), "brand", "arrows-exchange"),
    A.REJECT_LEAD_CHANGE: (_("decided that %(name)s does not lead"), "", "ban"),
    A.DRAFT_AGREEMENT: (_("laid down version %(version)s of the agreement"), "brand", "file-text"),
    A.SEND_AGREEMENT: (_("sent version %(version)s of the agreement for signature"), "brand", "writing-sign"),
    A.REMIND_AGREEMENT: (_("reminded of the signatures under version %(version)s of the agreement"), "", "bell"),
    A.TAKE_EFFECT: (_("agreement version %(version)s came into force"), "ok", "rosette"),
    A.SUPERSEDE: (_("agreement version %(version)s was superseded"), "", "archive"),
    A.END_AGREEMENT: (_("agreement version %(version)s ended"), "warn", "archive"),
    A.ADD_BACKGROUND: (_("listed the background right “%(name)s”"), "", "plus"),
    A.UPDATE_BACKGROUND: (_("changed the background right “%(name)s”"), "", "edit"),
    A.REMOVE_BACKGROUND: (_("took the background right “%(name)s” off the list"), "", "trash"),
    A.SIGN_AGREEMENT: (_("signed version %(version)s of the agreement"), "ok", "signature"),
    A.ADD_TECHNOLOGY: (_("added the technology “%(name)s”"), "", "plus"),
    A.UPDATE_TECHNOLOGY: (_("changed the technology “%(name)s”"), "", "edit"),
    A.REMOVE_TECHNOLOGY: (_("removed the technology “%(name)s”"), "", "trash"),
    A.RECORD_READINESS: (_("recorded TRL %(after)s for “%(name)s” (before: %(before)s)"), "ok", "trending-up"),
    A.ADD_TASK: (_("added the research task “%(name)s”"), "", "plus"),
    A.UPDATE_TASK: (_("changed the research task “%(name)s”"), "", "edit"),
    A.RECORD_PROJECT: (_("recorded stage and public project of “%(name)s”"), "", "route"),
    A.REMOVE_TASK: (_("removed the research task “%(name)s”"), "", "trash"),
    A.ADD_MILESTONE: (_("added the milestone “%(name)s”"), "", "flag"),
    A.UPDATE_MILESTONE: (_("changed the milestone “%(name)s”"), "", "edit"),
    A.REMOVE_MILESTONE: (_("removed the milestone “%(name)s”"), "", "trash"),
    A.REACH: (_("recorded the milestone “%(name)s” as reached"), "ok", "flag"),
    A.MISS: (_("recorded the milestone “%(name)s” as missed"), "bad", "clock-exclamation"),
    A.ADD_OUTCOME: (_("recorded the outcome “%(name)s”"), "ok", "certificate"),
    A.UPDATE_OUTCOME: (_("changed the outcome “%(name)s”"), "", "edit"),
    A.REMOVE_OUTCOME: (_("removed the outcome “%(name)s”"), "", "trash"),
    A.ATTACH_EVIDENCE: (_("attached evidence to “%(name)s”"), "", "paperclip"),
    A.REMOVE_EVIDENCE: (_("removed evidence from “%(name)s”"), "", "trash"),
    A.ADD_ADOPTION: (_("recorded “%(name)s” as an adopter"), "", "users"),
    A.REMOVE_ADOPTION: (_("removed the adopter “%(name)s”"), "", "trash"),
    A.VERIFY_OUTCOME: (_("verified the outcome “%(name)s”"), "ok", "rosette"),
    A.DOUBT_OUTCOME: (_("doubted the outcome “%(name)s”"), "warn", "alert-circle"),
    A.WITHDRAW_CLAIM: (_("decided on the number of “%(name)s”: one of two claims is withdrawn"), "warn", "gavel"),
    A.SHARE_CLAIM: (_("decided on the number of “%(name)s”: both claims stand"), "", "gavel"),
    A.ADD_PLATFORM: (_("recorded the joint platform “%(name)s”"), "", "building-community"),
    A.UPDATE_PLATFORM: (_("changed the joint platform “%(name)s”"), "", "edit"),
    A.REMOVE_PLATFORM: (_("removed the joint platform “%(name)s”"), "", "trash"),
    A.ADD_BUILDER: (_("recorded “%(name)s” as a builder of a joint platform"), "", "users-plus"),
    A.UPDATE_BUILDER: (_("changed the share of “%(name)s” in a joint platform"), "", "edit"),
    A.REMOVE_BUILDER: (_("removed “%(name)s” from the builders of a joint platform"), "", "trash"),
    A.ADD_SERVICE: (_("recorded figures of a year of the joint platform “%(name)s”"), "", "plus"),
    A.UPDATE_SERVICE: (_("changed figures of a year of the joint platform “%(name)s”"), "", "edit"),
    A.REMOVE_SERVICE: (_("removed figures of a year of the joint platform “%(name)s”"), "", "trash"),
    A.PROPOSE_DIRECT: (_("proposed the joint platform “%(name)s” for direct recognition"), "brand", "send"),
    X.ATTACH: (_("attached evidence to the proposal of “%(name)s”"), "", "paperclip"),
    X.DETACH: (_("removed evidence from the proposal of “%(name)s”"), "", "trash"),
    X.OPINE: (_("gave the district's opinion on “%(name)s”"), "", "message"),
    X.SEND_BACK: (_("returned the proposal of “%(name)s” for completion"), "warn", "arrow-back-up"),
    X.RETURN: (_("returned the proposal of “%(name)s” for completion"), "warn", "arrow-back-up"),
    X.RESUBMIT: (_("proposed “%(name)s” again"), "", "send"),
    X.CHECK: (_("checked the conditions of “%(name)s”"), "", "checklist"),
    X.HEAR: (_("recorded the experts' opinion on “%(name)s”"), "", "users-group"),
    X.TABLE: (_("put “%(name)s” to the meeting"), "", "gavel"),
    X.RECOGNISE: (_("recognised the joint platform “%(name)s” directly"), "ok", "rosette"),
    X.REFUSE: (_("did not recognise the joint platform “%(name)s”"), "warn", "circle-x"),
    X.WITHDRAW: (_("withdrew the proposal of “%(name)s”"), "", "archive"),
    X.PUBLISH: (_("published the recognition of “%(name)s”"), "ok", "world"),
    X.CONCEAL: (_("took the recognition of “%(name)s” out of the directory"), "", "eye-off"),
    X.REVOKE: (_("revoked the recognition of the joint platform “%(name)s”"), "bad", "ban"),
    A.ADD_FUND: (_("recorded the fund “%(name)s”"), "", "coin-yuan"),
    A.UPDATE_FUND: (_("changed the fund “%(name)s”"), "", "edit"),
    A.REMOVE_FUND: (_("removed the fund “%(name)s”"), "", "trash"),
    A.ADD_INVESTMENT: (_("recorded the investment in “%(name)s”"), "", "cash"),
    A.UPDATE_INVESTMENT: (_("changed the investment in “%(name)s”"), "", "edit"),
    A.REMOVE_INVESTMENT: (_("removed the investment in “%(name)s”"), "", "trash"),
    A.ADD_ENTRY: (_("recorded “%(name)s” under “%(register)s”"), "", "plus"),
    A.UPDATE_ENTRY: (_("changed “%(name)s” under “%(register)s”"), "", "edit"),
    A.REMOVE_ENTRY: (_("removed “%(name)s” from “%(register)s”"), "", "trash"),
    A.CONFIRM_CONTRIBUTION: (_("confirmed the arrival of “%(name)s”"), "ok", "cash"),
    A.ANSWER_MATCH: (_("answered the request for “%(name)s”"), "", "message-report"),
    A.POSE_DEMAND: (_("posed the demand “%(name)s”"), "brand", "help-circle"),
    A.ASSIGN_LIAISON: (_("assigned the liaison officer"), "", "user-check"),
    A.NAME_CONTACT: (_("named its contact"), "", "user-check"),
    A.RECORD_VISIT: (_("recorded a visit or service of %(date)s"), "", "notes"),
    A.UPDATE_VISIT: (_("changed the record of the visit or service of %(date)s"), "", "edit"),
    A.ADD_FOLLOW_UP: (_("noted what follows from the visit or service of %(date)s"), "", "flag"),
    A.FINISH_FOLLOW_UP: (_("recorded a follow-up of %(date)s as done"), "ok", "check"),
    A.PROPOSE_LINK: (_("proposed a link with %(name)s"), "brand", "link"),
    A.ACCEPT_LINK: (_("accepted the link with %(name)s"), "ok", "link"),
    A.DECLINE_LINK: (_("declined the link with %(name)s"), "", "ban"),
    A.WITHDRAW_LINK: (_("took back the proposal of a link with %(name)s"), "", "arrow-back-up"),
    A.END_LINK: (_("ended the link with %(name)s"), "warn", "archive"),
    A.CLAIM_SEVEN: (_("claimed “%(one)s” of the Seven Ones of %(year)s"), "", "send"),
    A.VERIFY_SEVEN: (_("verified “%(one)s” of the Seven Ones of %(year)s"), "ok", "rosette"),
    A.RETURN_SEVEN: (_("sent “%(one)s” of the Seven Ones of %(year)s back"), "warn", "arrow-back-up"),
}


ONES: Mapping[str, Text] = {one.value: one.label for one in SevenOnes}


@dataclass(frozen=True)
class Event:
    """One line of the timeline in the reader's language."""

    at: datetime
    who: str
    text: str
    kind: str
    icon: str
    note: str


def trail_of(consortium: Consortium) -> QuerySet[AuditEntry]:
    """The entries of the consortium, its parts, milestones, agreements, recognitions and Seven Ones, newest first."""
    participations = map(str, consortium.participations.values_list("pk", flat=True))
    milestones = map(str, Milestone.objects.filter(task__consortium=consortium).values_list("pk", flat=True))
    ones = map(str, consortium.seven_ones.values_list("pk", flat=True))
    agreements = map(str, consortium.agreements.values_list("pk", flat=True))
    directs = map(str, DirectRecognition.objects.filter(platform__consortium=consortium).values_list("pk", flat=True))
    return AuditEntry.objects.filter(
        Q(subject_type="consortia.consortium", subject_id=str(consortium.pk))
        | Q(subject_type="consortia.participation", subject_id__in=list(participations))
        | Q(subject_type="consortia.milestone", subject_id__in=list(milestones))
        | Q(subject_type="consortia.sevenonesitem", subject_id__in=list(ones))
        | Q(subject_type="consortia.agreement", subject_id__in=list(agreements))
        | Q(subject_type="consortia.directrecognition", subject_id__in=list(directs))
    ).order_by("-at", "-id")


def events(entries: Iterable[AuditEntry], consortium: Consortium, reader: User) -> list[Event]:
    """Sentences for this reader: officials and one's own colleagues are shown people, others organisations."""
    return [_event(entry, consortium, reader) for entry in entries]


def _event(entry: AuditEntry, consortium: Consortium, reader: User) -> Event:
    text, kind, icon = SENTENCES.get(entry.action, (_("acted"), "", "point"))
    own = {str(place) for place in reader.organisation_ids}
    official = reader.holds_any(OFFICIALS)
    near = official or entry.facts.get("by_id") in own
    note = entry.note if near or str(consortium.lead_id) in own else ""
    return Event(entry.at, _who(entry, near), _filled(text, entry.facts), kind, icon, note)


def _who(entry: AuditEntry, near: bool) -> str:
    organisation = entry.facts.get("by") or str(settings.CITY["bureau"])
    if not near or not entry.actor_name:
        return str(organisation)
    return gettext("%(person)s · %(organisation)s") % {"person": entry.actor_name, "organisation": organisation}


def _filled(text: Text, facts: Mapping[str, Any]) -> str:
    """Entries keep what was known then; a fact that is missing leaves a gap, never an error."""
    known = dict.fromkeys(("name", "tier", "recognised_on", "before", "after", "version", "row", "date", "year"), "")
    register = BY_SLUG.get(facts.get("register", ""))
    words = {"register": register.title if register else "", "one": ONES.get(facts.get("item", ""), "")}
    return str(text) % {**known, **facts, **words}
