"""The versions of an agreement for their readers: clauses, what changed, who has signed, whether the data still fit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.functional import cached_property
from django.utils.translation import gettext

from consortia.enums import AgreementStatus, Clause
from consortia.models import Agreement, AgreementSignature, Consortium, Participation
from consortia.rules.agreements import MANDATORY, TERM_YEARS, Piece, compare
from consortia.selectors.facts import load_whole
from consortia.selectors.schedules import Difference, ScheduleTable, differences, schedules_of, tables
from consortia.selectors.wording import Terms, standard_clauses
from portal.kernel.enumerating import enumerated
from portal.kernel.templatetags.ui import percent

FORMAT = 1  # of the frozen content
WHOLE = Decimal(100)
LIVING = (AgreementStatus.SIGNING, AgreementStatus.EFFECTIVE)


def content_of(agreement: Agreement, whole: Consortium | None = None) -> dict[str, Any]:
    """What a version says at this moment, canonical: the clauses as written, the schedules from the data.

    `whole` is its consortium as `load_whole` gives it, where it is at hand.
    """
    whole = whole or load_whole(agreement.consortium)
    return {
        "format": FORMAT,
        "consortium": str(whole.pk),
        "version": agreement.version,
        "changes": agreement.changes,
        "foreground": agreement.foreground,
        "expires_on": agreement.expires_on.isoformat(),
        "clauses": {code: agreement.clauses[code] for code in agreement.settled},
        "schedules": schedules_of(whole),
    }


def to_sign(consortium: Consortium) -> Agreement | None:
    """The version that members sign: the one sent out, otherwise the one in force, which whoever joins later signs."""
    rows = {row.status: row for row in consortium.agreements.filter(status__in=LIVING)}
    return rows.get(AgreementStatus.SIGNING) or rows.get(AgreementStatus.EFFECTIVE)


def parties_waiting(agreement: Agreement) -> list[Participation]:
    """Members named in the version, still present, who have not signed it."""
    named = [row["id"] for row in agreement.content["schedules"]["members"]]
    present = agreement.consortium.participations.present().filter(pk__in=named)
    return list(present.exclude(signatures__agreement=agreement).select_related("organisation"))


def contradictions(agreement: Agreement) -> list[Difference]:
    """Where the version as sent says something else than the data say now; who joined or left since is no reason."""
    frozen = agreement.content["schedules"]
    present = schedules_of(load_whole(agreement.consortium))
    both = {row["id"] for row in frozen["members"]} & {row["id"] for row in present["members"]}
    return differences(*(_only(schedules, both) for schedules in (frozen, present)))


def _only(schedules: dict[str, Any], members: set[str]) -> dict[str, Any]:
    return schedules | {"members": [row for row in schedules["members"] if row["id"] in members]}


def uneven_shares(consortium: Consortium) -> list[str]:
    """What the lead is told before it sends a version in which the shares do not make up the whole."""
    sums = consortium.participations.present().aggregate(
        ip=Sum("ip_share", default=Decimal(0)), benefit=Sum("benefit_share", default=Decimal(0))
    )
    said = {
        "ip": gettext("The IP shares of all members together are %(sum)s, not 100%%."),
        "benefit": gettext("The benefit shares of all members together are %(sum)s, not 100%%."),
    }
    return [said[name] % {"sum": percent(value, 2)} for name, value in sums.items() if value != WHOLE]


def outdated_lists(agreement: Agreement) -> list[str]:
    """What the lead is told before it sends clauses whose lists, as our wording has them, say otherwise than the data.

    An amendment begins with the text of the version before: its lists still tell of the members of that time.
    """
    ours = standard_wording(agreement.consortium, expires_on=agreement.expires_on, foreground=agreement.foreground)
    listed = {code: (_listed(agreement.clauses.get(code, "")), _listed(ours[code])) for code in ours}
    names = enumerated(Clause(code).label for code, (old, now) in listed.items() if old and now and old != now)
    said = gettext("These clauses list members, amounts or tasks otherwise than today's data: %(clauses)s.")
    return [said % {"clauses": names}] if names else []


def _listed(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.startswith("- ")}


@dataclass(frozen=True)
class ClauseText:
    """A clause of a version."""

    clause: Clause
    text: str

    @property
    def is_mandatory(self) -> bool:
        """Without it the version is not sent."""
        return self.clause in MANDATORY

    @property
    def number(self) -> int:
        """Its place."""
        return list(Clause).index(self.clause) + 1


def clause_texts(agreement: Agreement) -> list[ClauseText]:
    """Every clause, the empty ones too."""
    return [ClauseText(clause, agreement.clauses.get(clause.value, "")) for clause in Clause]


@dataclass(frozen=True)
class Signing:
    """A member of the version, or one that joined later, and its signature."""

    participation: Participation
    signature: AgreementSignature | None


@dataclass(frozen=True)
class Document:
    """One version with everything that its page shows."""

    agreement: Agreement

    @cached_property
    def clauses(self) -> list[ClauseText]:
        """The clauses."""
        return clause_texts(self.agreement)

    @cached_property
    def present(self) -> dict[str, Any]:
        """The schedules as the data would give them today."""
        return schedules_of(load_whole(self.agreement.consortium))

    @property
    def is_draft(self) -> bool:
        """Nothing is frozen yet."""
        return not self.agreement.content

    @cached_property
    def tables(self) -> tuple[ScheduleTable, ...]:
        """The schedules: frozen, or those of today while it is a draft."""
        return tables(self.present if self.is_draft else self.agreement.content["schedules"])

    @cached_property
    def drift(self) -> list[Difference]:
        """Where the data have moved on since a living version was sent."""
        if self.agreement.status not in LIVING:
            return []
        return differences(self.agreement.content["schedules"], self.present)

    @cached_property
    def contradicted(self) -> bool:
        """Nobody signs it any more: a new version must be sent first."""
        return self.agreement.is_open and bool(contradictions(self.agreement))

    @cached_property
    def signings(self) -> list[Signing]:
        """Who has signed and who is waited for, the lead first."""
        signed = {row.participation_id: row for row in self.agreement.signatures.all()}
        counted = self._waited_for | signed.keys()
        rows = self.agreement.consortium.participations.select_related("organisation")
        shown = [row for row in rows if row.pk in counted]
        return [Signing(row, signed.get(row.pk)) for row in shown]

    @cached_property
    def _waited_for(self) -> set[Any]:
        if self.is_draft or self.agreement.status not in LIVING:
            return set()
        return set(self.agreement.consortium.participations.present().values_list("pk", flat=True))

    @property
    def signed(self) -> int:
        """How many have signed."""
        return sum(one.signature is not None for one in self.signings)

    @property
    def all_signed(self) -> bool:
        """Nobody named in it is waited for, and it says what the data say."""
        return self.agreement.is_open and not parties_waiting(self.agreement) and not self.contradicted

    def is_over(self, today: date) -> bool:
        """In force although its term has ended: the consortium needs a new version."""
        return self.agreement.status == AgreementStatus.EFFECTIVE and self.agreement.expires_on < today


def document(agreement: Agreement) -> Document:
    """The version for its page."""
    return Document(agreement)


@dataclass(frozen=True)
class ClauseChange:
    """A clause that reads otherwise, laid over its earlier text."""

    clause: Clause
    pieces: list[Piece]


@dataclass(frozen=True)
class Comparison:
    """What one version changes against an earlier one."""

    old: Agreement
    new: Agreement

    @cached_property
    def clauses(self) -> list[ClauseChange]:
        """The clauses that differ."""
        pairs = [(clause, self.old.clauses.get(clause, ""), self.new.clauses.get(clause, "")) for clause in Clause]
        return [ClauseChange(clause, compare(old, new)) for clause, old, new in pairs if old != new]

    @cached_property
    def schedules(self) -> list[Difference]:
        """The schedules that differ; a draft counts as it would be sent today."""
        return differences(*(self._schedules(one) for one in (self.old, self.new)))

    @staticmethod
    def _schedules(agreement: Agreement) -> dict[str, Any]:
        frozen: dict[str, Any] | None = agreement.content.get("schedules")
        return frozen if frozen is not None else document(agreement).present


def first_text(consortium: Consortium, today: date) -> dict[str, Any]:
    """What the drafting form begins with: the draft, else the newest version, else the standard wording."""
    newest = consortium.agreements.first()
    if newest is None:
        until = default_term(consortium, today)
        return {"expires_on": until, **standard_wording(consortium, expires_on=until)}
    kept = {"expires_on": newest.expires_on, "foreground": newest.foreground, **newest.clauses}
    return kept | {"changes": newest.changes} if newest.status == AgreementStatus.DRAFT else kept


def standard_wording(consortium: Consortium, *, expires_on: date, foreground: str = "") -> dict[str, str]:
    """The wording that the data give today."""
    return standard_clauses(Terms(load_whole(consortium), foreground, expires_on))


def default_term(consortium: Consortium, today: date) -> date:
    """The end of the build period, or some years from now."""
    if consortium.build_to and consortium.build_to > today:
        return consortium.build_to
    return date(today.year + TERM_YEARS, 12, 31)
