"""One object of every kind, belonging to the lead of the cast, for the sweep over all addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from consortia.enums import ConsortiumStatus, OutcomeKind, ParticipationStatus, PlatformKind
from consortia.models import Fund, Outcome, Platform
from funding.enums import ApplicationStatus, ObjectorKind, ReviewStatus
from funding.models import ApplicationFile, Objection
from members.enums import CorrectionField, Guard, Role
from members.models import CorrectionRequest, EmailChange, Invitation, RoleProposal, SignInGuard
from members.rules.tokens import token_hash
from portal.kernel import files
from portal.kernel.audit import sha256
from portal.kernel.models import Notification
from reports.enums import EvaluationStatus, ReportStatus
from reports.models import Evidence, Report
from tests.clock import NOON
from tests.factories.consortia import make_participation, ready_consortium
from tests.factories.funding import (
    make_application,
    make_award,
    make_call,
    make_contract,
    make_notice,
    make_review,
    make_tranche,
)
from tests.factories.members import make_user
from tests.factories.reports import make_evaluation
from tests.personas import Personas

TOKEN = "sample-token-0123456789"


class World:
    """Builds everything once; `kwargs(name)` gives the arguments of an address."""

    def __init__(self, people: Personas) -> None:
        self.people = people
        self._form()
        self._apply()
        self._fund()
        self._evaluate()
        self._members()

    # --- building ------------------------------------------------------------------------------
    def _form(self) -> None:
        people = self.people
        self.consortium = ready_consortium(people)
        self.consortium.participations.filter(organisation=people.university).update(status=ParticipationStatus.LEFT)
        self.participation = make_participation(
            self.consortium, people.university, people.lead, status=ParticipationStatus.INVITED
        )
        self.agreement = self.consortium.agreements.get()
        self.technology = self.consortium.technologies.first()
        self.task = self.consortium.tasks.first()
        self.milestone = self.task.milestones.last()
        mine = {"consortium": self.consortium}
        self.outcome = Outcome.objects.create(
            kind=OutcomeKind.PATENT,
            name="样例专利",
            identifier="ZL1",
            owner=people.lead_org,
            date=date(2026, 5, 1),
            **mine,
        )
        self.platform = Platform.objects.create(
            kind=PlatformKind.JOINT_LAB, name="样例平台", builder=people.lead_org, **mine
        )
        self.fund = Fund.objects.create(name="样例基金", manager=people.fund, scale=Decimal(10), **mine)

    def _apply(self) -> None:
        people = self.people
        self.call = make_call(
            people, opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() + timedelta(days=9)
        )
        self.draft = make_application(people, consortium=ready_consortium(people), call=self.call)
        self.attachment = files.store_bytes(
            b"%PDF-1.4 sample", name="样例.pdf", mime="application/pdf", kind="application", at=NOON
        )
        self.file = ApplicationFile.objects.create(application=self.draft, attachment=self.attachment, label="样例")
        self.application = make_application(people, ApplicationStatus.REVIEWING)
        self.review = make_review(self.application, people.experts[0], people, ReviewStatus.ACCEPTED)
        self.review_file = ApplicationFile.objects.create(
            application=self.application, attachment=self.attachment, label="样例"
        )
        notice = make_notice(
            people, self.call, starts_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=6)
        )
        self.publicised = make_application(people, ApplicationStatus.PUBLICISED, notice=notice)
        self.notice = notice
        self.objection = Objection.objects.create(
            application=self.publicised,
            kind=ObjectorKind.PERSON,
            name="样例异议人",
            contact="x@sample.test",
            grounds="样例",
            received_at=NOON,
        )

    def _fund(self) -> None:
        people = self.people
        operating = ready_consortium(people, status=ConsortiumStatus.OPERATING)
        self.operating = operating
        self.award = make_award(people, make_application(people, ApplicationStatus.APPROVED, consortium=operating))
        self.contract = make_contract(people, self.award)
        self.tranche = make_tranche(people, self.award)

    def _evaluate(self) -> None:
        people = self.people
        self.evaluation = make_evaluation(
            people, EvaluationStatus.VERIFIED, consortium=self.operating, declared_at=NOON
        )
        self.evidence = Evidence.objects.create(evaluation=self.evaluation, attachment=self.attachment, label="样例")
        final = make_evaluation(
            people, EvaluationStatus.FINAL, consortium=ready_consortium(people, status=ConsortiumStatus.OPERATING)
        )
        self.report = Report.objects.create(
            number="BG-2026-0001",
            evaluation=final,
            template_version="1",
            snapshot={},
            snapshot_hash=sha256({}),
            status=ReportStatus.STORED,
            file=self.attachment,
            pages=1,
            requested_by=people.officer,
        )

    def _members(self) -> None:
        people = self.people
        self.invitation = Invitation.objects.create(
            organisation=people.lead_org,
            email="new@sample.test",
            name="样例新人",
            roles=[Role.CONFIRMER],
            token_hash=token_hash(TOKEN),
            invited_by=people.lead_admin,
            expires_at=timezone.now() + timedelta(days=7),
        )
        self.proposal = RoleProposal.objects.create(
            user=people.rival,
            role=Role.AUDIT_ADMIN,
            proposed_by=make_user("security2", "样例安全乙", Role.SECURITY_ADMIN),
            proposed_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=7),
        )
        self.lock = SignInGuard.objects.create(
            scope=Guard.ACCOUNT, key="0", since=timezone.now(), locked_until=timezone.now() + timedelta(minutes=30)
        )
        session = SessionStore()
        session.create()
        self.session = UserSession.objects.create(user=people.lead, ip="127.0.0.1", session_key=session.session_key)
        EmailChange.objects.create(
            user=people.lead,
            email="other@sample.test",
            token_hash=token_hash(TOKEN),
            expires_at=timezone.now() + timedelta(days=1),
        )
        self.correction = CorrectionRequest.objects.create(
            person=people.lead, field=CorrectionField.NAME, wanted="样例更正", due_on=date(2026, 12, 31)
        )
        self.notification = Notification.objects.create(
            recipient=people.lead, kind="consortia.invited", params={}, url="/"
        )

    # --- things --------------------------------------------------------------------------------
    def things(self) -> Iterator[tuple[str, Any]]:
        """Everything of the lead's that has a name here, with its state where several exist of a kind."""
        for name in ("draft", "application", "publicised"):
            subject = getattr(self, name)
            yield f"application@{subject.status}", subject
        yield "application@approved", self.award.application
        yield "consortium@operating", self.operating
        yield "consortium@preparing", self.consortium
        yield "organisation@lead", self.people.lead_org
        yield "organisation@rival", self.people.rival_org

    @cached_property
    def people_by_kind(self) -> dict[Any, str]:
        """Whoever acts for the lead, reviews, or decides: what the pages may call them by."""
        people = self.people
        return {
            **{user.pk: "lead" for user in (people.lead, people.signatory, people.lead_admin, people.lead_confirmer)},
            **{expert.user_id: "expert" for expert in people.experts},
            **{user.pk: "official" for user in (people.officer, people.head, people.leader, people.finance)},
        }

    def variants(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(name of an address, state, arguments): the same pages of objects in other states."""
        for subject in (self.draft, self.publicised, self.award.application):
            yield "funding:application-detail", subject.status, {"pk": subject.pk}
            yield "api:application-detail", subject.status, {"pk": subject.pk}
        for name in ("consortia:consortium-detail", "api:consortium-detail"):
            yield name, self.operating.status, {"pk": self.operating.pk}
        final = {"pk": self.report.evaluation_id}
        yield "reports:evaluation-detail", "final", final
        yield "api:evaluation-detail", "final", final

    def subject(self, name: str) -> Any:
        """The object that stands for its kind in the addresses."""
        return self._subjects()[name]

    # --- addresses -----------------------------------------------------------------------------
    def kwargs(self, name: str) -> dict[str, Any]:
        """The arguments of an address by its name."""
        special = self._special().get(name)
        if special is not None:
            return special
        if name.endswith(("-list", "-create")) or name in PLAIN:
            return {}
        subject = self._subjects()[name.partition(":")[2].partition("-")[0]]
        return {"pk": subject.pk}

    def _subjects(self) -> dict[str, Any]:
        return {
            "organisation": self.people.lead_org,
            "year": self.people.lead_org,
            "colleague": self.people.lead_org,
            "user": self.people.officer,
            "role": self.people.officer,
            "invitation": self.invitation,
            "proposal": self.proposal,
            "lock": self.lock,
            "session": self.session,
            "grant": self.people.lead.role_grants.first(),
            "consortium": self.consortium,
            "member": self.consortium,
            "public": self.operating,
            "participation": self.participation,
            "agreement": self.agreement,
            "technology": self.technology,
            "task": self.task,
            "milestone": self.milestone,
            "outcome": self.outcome,
            "platform": self.platform,
            "fund": self.fund,
            "call": self.call,
            "application": self.application,
            "review": self.review,
            "notice": self.notice,
            "objection": self.objection,
            "tranche": self.tranche,
            "contract": self.contract,
            "cycle": self.evaluation.cycle,
            "evaluation": self.evaluation,
            "self": self.evaluation,
            "evidence": self.evidence,
            "expert": self.evaluation,
            "report": self.report,
            "notification": self.notification,
            "award": self.award,
            "payee": self.people.lead_org,
            "phone": self.people.lead,
            "fees": self.people.experts[0],
            "objector": self.objection,
            "correction": self.correction,
        }

    def _special(self) -> dict[str, dict[str, Any]]:
        of_consortium = {"pk": self.consortium.pk}
        return {
            "notification-open": {"pk": self.notification.pk},
            "members:invitation-accept": {"token": TOKEN},
            "members:email-confirm": {"token": TOKEN},
            "members:colleague-grant": {"pk": self.people.lead_org.pk, "user": self.people.lead.pk},
            "consortia:participation-invite": {**of_consortium, "organisation": self.people.rival_org.pk},
            "consortia:participation-invite-new": of_consortium,
            "consortia:agreement-draft": of_consortium,
            "consortia:agreement-sign": {"pk": self.participation.pk},
            **{
                f"consortia:{part}-add": of_consortium for part in ("technology", "task", "outcome", "platform", "fund")
            },
            "consortia:milestone-add": {"pk": self.task.pk},
            "funding:application-start": {"pk": self.call.pk},
            "funding:application-edit": {"pk": self.draft.pk, "section": "basics"},
            **{f"funding:application-{act}": {"pk": self.draft.pk} for act in ("files", "submit", "withdraw")},
            "funding:application-file": {"pk": self.draft.pk, "file": self.file.pk},
            "funding:application-file-remove": {"pk": self.draft.pk, "file": self.file.pk},
            "funding:review-file": {"pk": self.review.pk, "file": self.review_file.pk},
            "funding:call-publicise": {"pk": self.call.pk},
            "reports:evidence-attach": {"pk": self.evaluation.pk},
            "reports:report-request": {"pk": self.evaluation.pk},
            "reports:export-take": {"slug": "awards"},
            "reports:audit-day": {"kind": "evaluation", "pk": self.evaluation.pk},
        }


PLAIN = {
    "reports:audit-export",
    "public-home",
    "home",
    "healthz",
    "metrics",
    "readyz",
    "set_language",
    "notifications",
    "notifications-read",
    "demo",
    "styleguide",
    "members:register",
    "members:organisation-own",
    "members:system-console",
    "members:security-console",
    "members:audit-console",
    "members:session-end-others",
    "members:email-change",
    "members:data-own",
    "members:data-copy",
    "members:phone-update",
    "members:fees-update",
    "members:fees-remove",
    "members:correction-request",
    "members:privacy-notice",
    "members:privacy-accept",
    "funding:my-applications",
    "funding:application-bulk-check",
    "funding:grading-board",
    "funding:my-funding",
    "reports:cycle-open",
    "reports:my-evaluations",
    "api:schema",
    "consortia:public-consortium-list",
}
