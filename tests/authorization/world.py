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

from consortia.enums import ConsortiumStatus, ParticipationStatus, PlatformKind, TaxonomyStatus
from consortia.models import (
    Adoption,
    AgreementSignature,
    BackgroundIp,
    CoBuilder,
    DirectEvidence,
    DuplicateClaim,
    FieldMilestone,
    Fund,
    Investment,
    OutcomeEvidence,
    Platform,
    PlatformYear,
    Rectification,
    TaxonomyEntry,
)
from consortia.selectors.registers import REGISTERS
from funding.enums import AmendmentKind, ApplicationStatus, FormStatus, ObjectorKind, ReviewStatus, SessionStatus
from funding.models import (
    Amendment,
    ApplicationFile,
    ApprovalLimit,
    AssignmentPair,
    Avoidance,
    Award,
    CallDocument,
    ClaimObjection,
    ClaimObjectionFile,
    Cofunding,
    CompensationFile,
    FactDispute,
    FilePreview,
    Naming,
    Objection,
    ObjectionFile,
    RecommendationList,
    RecoveryReceipt,
    Recusal,
    Relay,
    Reopening,
    ScoreWorkbook,
    SlotFile,
    TakenBack,
    Termination,
    Workbook,
)
from funding.services.draws import draw_experts
from members.enums import CorrectionField, ExpertKind, Guard, IntegrityLevel, QualificationKind, Role
from members.models import (
    CorrectionRequest,
    CreditCheck,
    EmailChange,
    ImportBatch,
    IntegrityRecord,
    Invitation,
    Qualification,
    Relation,
    RoleProposal,
    SignInGuard,
    YearFigures,
)
from members.rules.relations import RelationKind, RelationSource
from members.rules.tokens import token_hash
from members.services.registration import registration_token
from portal.kernel import files
from portal.kernel.audit import sha256
from portal.kernel.models import Notification, SavedFilter
from portal.kernel.outbox import post
from reports.enums import BatchScope, CaseStatus, ConsequenceKind, EvaluationStatus, Grade, ReportStatus, TargetMetric
from reports.exporters import BY_SLUG
from reports.models import (
    AppealFile,
    Consequence,
    Evidence,
    Publication,
    PublicationDocument,
    ReplyDocument,
    Report,
    TypicalCase,
)
from reports.selectors.published import public_facts
from reports.selectors.snapshots import report_snapshot
from reports.services.agreements import order_agreement_documents
from reports.services.applications import order_application_document
from reports.services.batches import order_batch
from reports.services.contracts import order_contract
from reports.services.draws import order_draw_document
from reports.services.exports import Asked, order_export
from reports.services.schedules import schedule_export
from reports.services.sessions import order_session_document
from reports.services.summary import order_city_report
from reports.services.targets import set_target
from tests.clock import NOON
from tests.factories.books import (
    make_answer,
    make_circular,
    make_demand,
    make_entry,
    make_follow_up,
    make_issue,
    make_one,
    make_visit,
)
from tests.factories.consortia import (
    hand_over_row,
    make_agreement,
    make_departure,
    make_direct,
    make_exit_case,
    make_lead_change,
    make_link,
    make_outcome,
    make_participation,
    make_platform,
    make_taxonomy,
    ready_consortium,
    rival_consortium,
    sign_for,
)
from tests.factories.designs import make_form
from tests.factories.funding import (
    make_acceptance,
    make_application,
    make_appropriation,
    make_assignment,
    make_award,
    make_call,
    make_compensation,
    make_contract,
    make_draw,
    make_expenditure,
    make_finding,
    make_notice,
    make_question,
    make_recovery,
    make_review,
    make_scenario,
    make_session,
    make_subsidy,
    make_tranche,
)
from tests.factories.members import make_expert, make_user
from tests.factories.payments import make_batch, make_statement, said
from tests.factories.reports import make_appeal, make_evaluation, make_minutes
from tests.personas import Personas

TOKEN = "sample-token-0123456789"


class World:
    """Builds everything once; `kwargs(name)` gives the arguments of an address."""

    def __init__(self, people: Personas) -> None:
        self.people = people
        self._form()
        self._apply()
        self._life()
        self._fund()
        self._evaluate()
        self._members()
        self._agree()

    # --- building ------------------------------------------------------------------------------
    def _form(self) -> None:
        people = self.people
        self.consortium = ready_consortium(people)
        self.consortium.participations.filter(organisation=people.university).update(status=ParticipationStatus.LEFT)
        self.participation = make_participation(
            self.consortium, people.university, people.lead, status=ParticipationStatus.INVITED
        )
        self._depart()
        self.agreement = self.consortium.agreements.get()
        self.technology = self.consortium.technologies.first()
        self.task = self.consortium.tasks.first()
        self.milestone = self.task.milestones.last()
        mine = {"consortium": self.consortium}
        self.outcome = make_outcome(self.consortium)
        self.outcome_evidence = OutcomeEvidence.objects.create(
            outcome=self.outcome,
            label="样例证书",
            attachment=files.store_bytes(
                b"%PDF-1.4 proof", name="样例证书.pdf", mime="application/pdf", kind="evidence", at=NOON
            ),
        )
        self.adoption = Adoption.objects.create(outcome=self.outcome, adopter="样例用户", since=date(2026, 6, 1))
        self.duplicate = DuplicateClaim.objects.create(
            first=self.outcome, second=make_outcome(rival_consortium(people), owner=people.rival_org)
        )
        self.entries = {one.slug: make_entry(one.slug, self.consortium, people) for one in REGISTERS}
        for entry in (self.entries["recognition"], self.entries["contribution"]):
            entry.proof = self.outcome_evidence.attachment
            entry.save()
        self.demand = make_demand(self.consortium, people.lead)
        self.answer = make_answer(self.demand, people.supplier, people.supplier_confirmer)
        self.one = make_one(self.consortium, people.lead)
        self.one_file = self.one.evidence.create(
            kind="FILE", attachment=self.outcome_evidence.attachment, label="样例清单"
        )
        self.visit = make_visit(self.consortium, people.officer)
        self.follow_up = make_follow_up(self.visit)
        self.issue = make_issue(self.consortium, people.supplier, people.supplier_confirmer, people.lead_org)
        self.platform = Platform.objects.create(
            kind=PlatformKind.JOINT_LAB, name="样例平台", builder=people.lead_org, **mine
        )
        self.fund = Fund.objects.create(name="样例基金", manager=people.fund, scale=Decimal(10), **mine)
        self.investment = Investment.objects.create(
            fund=self.fund, target="样例被投企业", amount=Decimal(1), date=date(2026, 6, 1)
        )

        self.builder = CoBuilder.objects.create(platform=self.platform, organisation=people.fund, share=Decimal(40))
        self.service = PlatformYear.objects.create(platform=self.platform, year=2025)
        self.direct = make_direct(make_platform(self.consortium), people.lead)
        self.direct_file = DirectEvidence.objects.create(
            recognition=self.direct, label="样例章程", attachment=self.outcome_evidence.attachment
        )

    def _life(self) -> None:
        people = self.people
        self.lead_change = make_lead_change(people, self.consortium, people.lead)
        self.exit_case = make_exit_case(
            ready_consortium(people, status=ConsortiumStatus.OPERATING), people.officer,
            statement="样例陈述。", statement_file=self.attachment,
        )  # fmt: skip
        self.rectifying = ready_consortium(people, status=ConsortiumStatus.RECTIFYING, rectify_by=date(2027, 5, 1))
        self.link = make_link(self.consortium, self.rectifying, people.lead)
        self.rectification = Rectification.objects.create(
            consortium=self.rectifying, demands="样例整改。", due=date(2027, 5, 1), evidence=self.attachment
        )
        self.taxonomy = make_taxonomy(2, status=TaxonomyStatus.DRAFT, drafted_by=people.officer)
        self.taxonomy_entry = TaxonomyEntry.objects.create(
            taxonomy=self.taxonomy, sub_field=self.consortium.sub_field, roadmap=self.attachment
        )

    def _depart(self) -> None:
        """The supplier leaves; the university is to take a task over."""
        people = self.people
        self.departure = make_departure(self.consortium, people.other_supplier, people.lead_org)
        self.departure_item = hand_over_row(
            self.consortium, people.other_supplier, people.lead_org, of=self.consortium, taker=people.university
        )

    def _apply(self) -> None:
        people = self.people
        self.form = make_form(people, FormStatus.DRAFT)
        asked = make_form(people, code="asked")
        self.call = make_call(
            people, opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() + timedelta(days=9),
            form_version=asked,
        )  # fmt: skip
        self.draft = make_application(people, consortium=ready_consortium(people), call=self.call, form_version=asked)
        self.attachment = files.store_bytes(
            b"%PDF-1.4 sample", name="样例.pdf", mime="application/pdf", kind="application", at=NOON
        )
        self.file = ApplicationFile.objects.create(application=self.draft, attachment=self.attachment, label="样例")
        self.rehearsal = make_call(people, rehearsal=True)
        self.taken_back = TakenBack.objects.create(
            application=self.draft, submitted_by=people.signatory, submitted_at=NOON, snapshot={},
            snapshot_hash=sha256({}), taken_back_by=people.signatory,
        )  # fmt: skip
        self.application = make_application(people, ApplicationStatus.REVIEWING)
        self.workbook = Workbook.objects.create(application=self.draft, file=self.attachment, uploaded_by=people.lead)
        self.application_document = order_application_document(
            application=self.application, language="en", actor=people.officer, at=NOON
        )
        self.application.previous_snapshot = self.application.snapshot
        self.application.save(update_fields=["previous_snapshot"])
        self.review = make_review(self.application, people.experts[0], people, ReviewStatus.ACCEPTED)
        for number, kind in enumerate((ExpertKind.TECHNOLOGY, ExpertKind.FINANCE, ExpertKind.INVESTMENT)):
            make_expert(f"drawn{number}", f"专家庚{number:02d}", kind=kind)
        self.draw = make_draw(people, witnessed=True)
        draw_experts(draw=self.draw, randomness="02 07 11 + 09", actor=people.supervisor, at=NOON)
        self.draw_document = order_draw_document(draw=self.draw, language="en", actor=people.supervisor, at=NOON)
        asked = Asked(format="csv", language="en", query="", params={}, words=[], purpose="")
        report = BY_SLUG["awards"].export(Award.objects.all(), [])
        self.export_job = order_export(export=report, asked=asked, actor=people.finance, at=NOON)
        self.export_schedule = schedule_export(
            export=report, asked=asked, rhythm="MONTHLY", working_day=1, actor=people.finance, at=NOON
        )
        self._meet(people)
        named = make_application(people, ApplicationStatus.CHECKED, call=self.draw.application.call)
        self.naming = Naming.objects.create(
            application=named, reason="样例理由", proposed_by=people.acceptance, proposed_at=NOON
        )
        self.assignment = make_assignment(people)
        self.review_file = ApplicationFile.objects.create(
            application=self.application, attachment=self.attachment, label="样例"
        )
        for one in (self.file, self.review_file):
            picture = files.store_bytes(b"x", name="样例 1.png", mime="image/png", kind="preview", at=NOON)
            FilePreview.objects.create(file=one, page=1, picture=picture)
        self.draft_avoidance, self.avoidance = (
            Avoidance.objects.create(application=one, name="样例专家", reason="样例：诉讼未结。", named_by=people.lead)
            for one in (self.draft, self.application)
        )
        self.dispute = FactDispute.objects.create(
            review=self.review, indicator="L1", computed=4, grounds="样例", raised_at=NOON
        )
        self.score_workbook = ScoreWorkbook.objects.create(review=self.review, file=self.attachment)
        locked = make_review(self.application, people.experts[1], people, ReviewStatus.SUBMITTED)
        self.reopening = Reopening.objects.create(
            review=locked, reason="样例", requested_by=people.second_officer, requested_at=NOON
        )
        self.scenario = make_scenario(people)
        self.minutes = make_minutes(people)
        notice = make_notice(
            people, self.call, starts_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=6)
        )
        self.publicised = make_application(people, ApplicationStatus.PUBLICISED, notice=notice)
        self.notice = notice
        self.finding = make_finding(self.application, self.publicised)
        self.question = make_question(people, self.call)
        self.recommendations = RecommendationList.objects.create(
            call=self.application.call, district=self.application.district
        )
        self.recommendations.entries.create(application=self.application, position=1)
        self.call_document = CallDocument.objects.create(
            call=self.call,
            title="样例指南",
            attachment=files.store_bytes(
                b"%PDF-1.4 guide", name="样例指南.pdf", mime="application/pdf", kind="call", at=NOON
            ),
        )
        self.objection = Objection.objects.create(
            application=self.publicised,
            kind=ObjectorKind.PERSON,
            name="样例异议人",
            contact="x@sample.test",
            grounds="样例",
            received_at=NOON,
        )
        self.reply_document = ReplyDocument.objects.create(
            objection=self.objection, language="zh-hans", requested_by=people.supervisor, snapshot={}
        )
        self.objection_file = ObjectionFile.objects.create(
            objection=self.objection, attachment=self.attachment, ordinal=1
        )

    def _meet(self, people: Personas) -> None:
        """A session to be held, one whose minutes are locked, and a recusal of somebody beside the cast."""
        call = make_call(people, defence=True)
        heard, done = (make_application(people, ApplicationStatus.REVIEWING, call=call) for _number in range(2))
        for case in (heard, done):
            make_review(case, people.experts[0], people, ReviewStatus.SUBMITTED)
        self.meeting = make_session(people, heard)
        self.slot = self.meeting.slots.get()
        self.slot_file = SlotFile.objects.create(
            slot=self.slot, attachment=self.attachment, title="样例", added_by=people.head
        )
        self.locked_session = make_session(people, done, status=SessionStatus.LOCKED)
        self.session_document = order_session_document(
            session=self.locked_session, language="en", actor=people.supervisor, at=NOON
        )
        aside = make_user("aside", "样例回避甲", Role.LIAISON)
        self.recusal = Recusal.objects.create(
            application=heard, person=aside, ground="样例", declared_by=aside, recused_at=NOON
        )

    def _fund(self) -> None:
        people = self.people
        operating = ready_consortium(people, status=ConsortiumStatus.OPERATING)
        self.operating = operating
        self.award = make_award(people, make_application(people, ApplicationStatus.APPROVED, consortium=operating))
        self.contract = make_contract(people, self.award)
        self.amendment = Amendment.objects.create(
            contract=self.contract, kind=AmendmentKind.EXTENSION, reason="样例", base=self.contract.sha256,
            proposed_by=people.lead, changes={"ends_on": "2030-12-31"},
            replaced={"ends_on": self.contract.ends_on.isoformat()},
        )  # fmt: skip
        self.acceptance = make_acceptance(people, self.contract, report=self.attachment)
        self.termination = Termination.objects.create(contract=self.contract, reason="样例", started_by=people.lead)
        self.contract_document = order_contract(contract=self.contract, language="en", actor=people.officer, at=NOON)
        self.tranche = make_tranche(people, self.award)
        self.appropriation = make_appropriation(people)
        self.expenditure = make_expenditure(people, self.award, evidence=self.attachment)
        self.relay = Relay.objects.create(
            award=self.award, organisation=people.university, amount=Decimal(1_000), passed_on=timezone.localdate(NOON),
            slip="样例-回单", evidence=self.attachment, reported_by=people.lead,
        )  # fmt: skip
        self.cofunding = Cofunding.objects.create(
            award=self.award, organisation=people.lead_org, amount=Decimal(1_000), arrived_on=timezone.localdate(NOON),
            slip="样例-配套", evidence=self.attachment, reported_by=people.lead,
        )  # fmt: skip
        self.compensation = make_compensation(people, self.award)
        self.loss_file = CompensationFile.objects.create(
            compensation=self.compensation, attachment=self.attachment, ordinal=1
        )
        self.limit = ApprovalLimit.objects.create(
            person=people.leader, amount=Decimal(10**9), reason="样例", proposed_by=people.security_admin
        )
        ordered = make_tranche(people, self.award, "APPROVED", amount=Decimal(100_000))
        self.batch = make_batch(people, ordered)
        self.statement = make_statement(people, said(self.batch.orders.get(), order_number="样例-1"))
        self.subsidy = make_subsidy(people, document=self.attachment)
        self.recovery = make_recovery(people, self.award)
        self.claim_objection = ClaimObjection.objects.create(
            recovery=make_recovery(people, self.award), statement="样例", filed_by=people.lead
        )
        self.claim_file = ClaimObjectionFile.objects.create(
            objection=self.claim_objection, attachment=self.attachment, ordinal=1
        )
        self.receipt = RecoveryReceipt.objects.create(
            recovery=self.recovery, amount=Decimal(1), arrived_on=timezone.localdate(NOON), slip="样例-缴款",
            evidence=self.attachment, recorded_by=people.finance, reversed_by=people.second_finance, reversed_at=NOON,
            reversal_reason="样例",
        )  # fmt: skip

    def _evaluate(self) -> None:
        people = self.people
        self.evaluation = make_evaluation(
            people, EvaluationStatus.VERIFIED, consortium=self.operating, declared_at=NOON
        )
        self.evidence = Evidence.objects.create(evaluation=self.evaluation, attachment=self.attachment, label="样例")
        final = make_evaluation(
            people, EvaluationStatus.FINAL, consortium=ready_consortium(people, status=ConsortiumStatus.OPERATING)
        )
        for ordinal, (kind, facts) in enumerate((
            (ConsequenceKind.UPGRADE, {}),
            (ConsequenceKind.RECTIFY, {"status": "ACCEPTED", "decided_by": people.leader, "decided_at": NOON}),
        ), 1):  # fmt: skip
            Consequence.objects.create(evaluation=final, ordinal=ordinal, kind=kind, basis={}, **facts)
        self.appeal = make_appeal(people, final)
        self.appeal_file = AppealFile.objects.create(appeal=self.appeal, attachment=self.attachment, ordinal=1)
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
        self.report_batch = order_batch(
            cycle=final.cycle, language="en", scope=BatchScope.FINAL, actor=people.officer, at=NOON
        )
        self.target = set_target(
            metric=TargetMetric.CONSORTIA, year=2026, value=Decimal(100), document="样例文件", actor=people.officer,
            at=NOON,
        )  # fmt: skip
        self.case = TypicalCase.objects.create(
            evaluation=final, title_zh="样例", text_zh="样例", practice_zh="样例", status=CaseStatus.PUBLISHED,
            written_by=people.officer, decided_by=people.head, published_at=NOON,
        )  # fmt: skip
        self.edition = Publication.objects.create(
            evaluation=final, report=self.report, number="GK-2026-0001", grade=Grade.GOOD, published_by=people.head,
            snapshot={
                **public_facts(report_snapshot(final)), "origin": {"number": self.report.number, "sha256": sha256({})}
            },
            snapshot_hash=sha256({}),
        )  # fmt: skip
        PublicationDocument.objects.create(
            publication=self.edition, number="GK-2026-0001-EN", language="en", template_version="1",
            snapshot=self.edition.snapshot, snapshot_hash=sha256({}), file=self.attachment, pages=1,
            requested_by=people.head,
        )  # fmt: skip
        self.city_report = order_city_report(cycle=final.cycle, language="en", actor=people.officer, at=NOON)

    def _members(self) -> None:
        people = self.people
        self.figures = people.lead_org.years.get(year=2025)
        self.relation = Relation.objects.create(
            expert=people.experts[0], kind=RelationKind.DIRECTOR, name="样例校办企业", source=RelationSource.SELF,
            recorded_by=people.expert,
        )  # fmt: skip
        self.import_batch = ImportBatch.objects.create(file=self.attachment, uploaded_by=people.officer)
        YearFigures.objects.filter(pk=self.figures.pk).update(document=self.attachment)
        self.qualification = Qualification.objects.create(
            organisation=people.lead_org,
            kind=QualificationKind.HNTE,
            valid_from=date(2025, 1, 1),
            document=self.attachment,
        )
        self.integrity = IntegrityRecord.objects.create(
            organisation=people.lead_org,
            level=IntegrityLevel.MINOR,
            behaviour="样例行为",
            source="样例来源",
            effective_from=date(2026, 1, 1),
            document=self.attachment,
        )
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
        self.letter = post(
            kind="consortia.invited", to=people.lead.email, subject="样例", body="样例", language="en",
            key="world", at=NOON, recipient=people.lead,
        )  # fmt: skip
        self.saved_filter = SavedFilter.objects.create(
            owner=people.officer, page="consortia:consortium-list", name="样例", query="tier=A"
        )
        self.field_milestone = FieldMilestone.objects.create(
            sub_field=self.consortium.sub_field, name="样例节点", due=date(2027, 6, 30)
        )
        self.credit_check = CreditCheck.objects.create(
            organisation=people.lead_org, source="样例征信", result="GOOD", as_of=date(2026, 10, 1),
            checked_by=people.officer, document=self.attachment,
        )  # fmt: skip
        self.circular = make_circular(self.consortium, people.officer, people.lead)

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
        yield "guide", self.call_document.attachment  # public, which other files are not

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

    def moved(self, name: str) -> Any:
        """The object that a workflow of this name moves."""
        apart = {"expert": self.people.experts[0], "exit_case": self.exit_case, "figures": self.figures,
                 "session": self.meeting}  # fmt: skip
        return apart.get(name) or self.subject(name)

    def _agree(self) -> None:
        """An amendment that waits for signatures, one of which came on paper."""
        people = self.people
        self.amendment = make_agreement(self.consortium, people.lead, signed=False, version=2)
        self.agreement_document = order_agreement_documents(agreement=self.agreement, at=NOON)[0]
        self.background = BackgroundIp.objects.create(
            consortium=self.consortium, owner=people.lead_org, title="样例专利", number="ZL1", terms="样例"
        )
        self.signature = sign_for(self.amendment, self.consortium.participations.get(role="LEAD"), people.lead)
        scan = files.store_bytes(
            b"%PDF-1.4 proof", name="样例协议.pdf", mime="application/pdf", kind="signed_agreement", at=NOON
        )
        AgreementSignature.objects.filter(pk=self.signature.pk).update(method="SCAN", scan=scan)

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
            "year": self.figures,
            "qualification": self.qualification,
            "integrity": self.integrity,
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
            "exit": self.exit_case,
            "form": self.form,
            "taxonomy": self.taxonomy,
            "subfield": self.taxonomy_entry,
            "participation": self.participation,
            "departure": self.departure,
            "lead_change": self.lead_change,
            "link": self.link,
            "agreement": self.amendment,
            "background": self.background,
            "signature": self.signature,
            "technology": self.technology,
            "task": self.task,
            "milestone": self.milestone,
            "outcome": self.outcome,
            "platform": self.platform,
            "builder": self.builder,
            "service": self.service,
            "direct": self.direct,
            **self.entries,
            "demand": self.demand,
            "seven": self.one,
            "visit": self.visit,
            "follow": self.follow_up,
            "issue": self.issue,
            "fund": self.fund,
            "investment": self.investment,
            "adoption": self.adoption,
            "duplicate": self.duplicate,
            "call": self.call,
            "rehearsal": self.rehearsal,
            "question": self.question,
            "similarity": self.finding,
            "recommendations": self.recommendations,
            "application": self.application,
            "review": self.review,
            "dispute": self.dispute,
            "score": self.score_workbook,
            "reopening": self.reopening,
            "draw": self.draw,
            "slot": self.slot,
            "recusal": self.recusal,
            "naming": self.naming,
            "assignment": self.assignment,
            "scenario": self.scenario,
            "minutes": self.minutes.scenario,
            "tier": self.scenario.call,
            "notice": self.notice,
            "objection": self.objection,
            "appropriation": self.appropriation,
            "batch": self.batch,
            "bank": self.batch,
            "statement": self.statement,
            "relay": self.relay,
            "cofunding": self.cofunding,
            "compensation": self.compensation,
            "limit": self.limit,
            "tranche": self.tranche,
            "contract": self.contract,
            "party": self.contract.parties.get(),
            "amendment": self.amendment,
            "acceptance": self.acceptance,
            "termination": self.termination,
            "cycle": self.evaluation.cycle,
            "evaluation": self.evaluation,
            "appeal": self.appeal,
            "grade": self.evaluation,
            "grades": self.evaluation.cycle,
            "consequences": self.report.evaluation,
            "consequence": self.report.evaluation.consequences.first(),
            "self": self.evaluation,
            "evidence": self.evidence,
            "expert": self.evaluation,
            "import": self.import_batch,
            "report_batch": self.report_batch,
            "publication": self.edition,
            "case": self.case,
            "target": self.target,
            "report": self.report,
            "notification": self.notification,
            "award": self.award,
            "expenditure": self.expenditure,
            "subsidy": self.subsidy,
            "recovery": self.recovery,
            "payee": self.people.lead_org,
            "phone": self.people.lead,
            "fees": self.people.experts[0],
            "objector": self.objection,
            "correction": self.correction,
        }

    def _special(self) -> dict[str, dict[str, Any]]:
        of_consortium = {"pk": self.consortium.pk}
        return {
            "funding:contract-edit": {"pk": self.contract.pk, "part": "frame"},
            "funding:amendment-propose": {"pk": self.contract.pk, "kind": "extension"},
            "funding:similarity-detail": {"pk": self.application.pk},
            "funding:similarity-check": {"pk": self.application.pk},
            "notification-open": {"pk": self.notification.pk},
            **{f"members:letter-{act}": {"pk": self.letter.pk} for act in ("detail", "reveal", "retry")},
            **{f"members:mail-text-{act}": {"kind": "consortia.invited"} for act in ("update", "restore")},
            **{key: {} for key in ("funding:budget-lines", "funding:budget-line-open", "funding:ledger")},
            **{
                key: {"pk": self.award.line_id}
                for key in ("funding:budget-line", "funding:appropriate", "funding:batch-prepare")
            },
            **{f"funding:statement-{act}": {} for act in ("import", "template")},
            **{
                f"funding:{name}": {"pk": self.award.pk}
                for name in ("award-relays", "relay-report", "award-cofunding", "cofunding-report", "compensation-file")
            },
            **{f"funding:limit-{act}": {} for act in ("list", "propose")},
            "funding:recovery-judge": {"pk": self.claim_objection.recovery_id},
            "funding:recovery-objection-file": {
                "pk": self.claim_objection.recovery_id,
                "file": self.claim_file.pk,
            },
            "funding:compensation-evidence": {"pk": self.compensation.pk, "file": self.loss_file.pk},
            "funding:statement-line": {"pk": self.statement.lines.get().pk},
            "funding:ledger-entry": {"pk": self.award.entries.values_list("pk", flat=True)[0]},
            "columns-choose": {"page": "consortia:consortium-list"},
            "filter-save": {"page": "consortia:consortium-list"},
            "filter-remove": {"pk": self.saved_filter.pk},
            "members:relation-record": {"pk": self.people.experts[0].pk},
            "members:relation-strike": {"pk": self.relation.pk},
            "members:district-update": {"code": "320583"},
            "members:credit-document": {"pk": self.credit_check.pk},
            "filter-alert": {"pk": self.saved_filter.pk, "wanted": "on"},
            "consortia:subfield-detail": {"pk": self.consortium.sub_field_id},
            "consortia:field-milestone-add": {"pk": self.consortium.sub_field_id},
            "consortia:field-milestone-reach": {"pk": self.field_milestone.pk},
            "consortia:field-milestone-remove": {"pk": self.field_milestone.pk},
            "consortia:circular-detail": {"pk": self.circular.pk},
            "members:register-complete": {"token": registration_token(email="newcomer@sample.test", at=timezone.now())},
            "members:invitation-accept": {"token": TOKEN},
            "members:email-confirm": {"token": TOKEN},
            "members:colleague-grant": {"pk": self.people.lead_org.pk, "user": self.people.lead.pk},
            **{
                f"members:{name}": {"pk": self.people.lead_org.pk}
                for name in ("year-record", "qualification-add", "integrity-record", "credit-check")
            },
            **{
                f"members:expert-{act}": {"pk": self.people.experts[0].pk}
                for act in ("detail", "confirm", "record", "check", "admit", "suspend", "resume", "remove", "leave")
            },
            "members:import-template": {"kind": "orgs", "form": "xlsx"},
            "members:year-document": {"pk": self.figures.pk, "version": 1},
            "consortia:participation-invite": {**of_consortium, "organisation": self.people.rival_org.pk},
            "consortia:participation-invite-new": of_consortium,
            "consortia:lead-change-propose": {"pk": self.rectifying.pk},
            **{
                f"consortia:lead-change-{act}": {"pk": self.lead_change.pk}
                for act in ("detail", "answer", "withdraw", "reject", "approve")
            },
            **{
                f"consortia:lead-change-{act}": {
                    "pk": self.lead_change.pk,
                    "participation": self.consortium.participations.get(organisation=self.people.fund).pk,
                }
                for act in ("consent", "refuse")
            },
            "consortia:departure-request": {"pk": self.participation.pk},
            "consortia:departure-consent": {"pk": self.departure_item.pk},
            "consortia:departure-refuse": {"pk": self.departure_item.pk},
            "consortia:agreement-draft": of_consortium,
            "consortia:exit-request": of_consortium,
            "consortia:exit-open": of_consortium,
            "consortia:exit-file": {"pk": self.exit_case.pk, "kind": "statement"},
            "consortia:rectification-file": {"pk": self.rectifying.pk, "order": self.rectification.pk},
            "consortia:subfield-add": {"pk": self.taxonomy.pk},
            "consortia:subfield-document": {"pk": self.taxonomy_entry.pk, "kind": "roadmap"},
            "consortia:agreement-sign": {"pk": self.participation.pk},
            "consortia:agreement-upload": {"pk": self.participation.pk},
            "consortia:background-add": of_consortium,
            "reports:batch-order": {"pk": self.evaluation.cycle_id},
            **{
                f"reports:batch-{act}": {"pk": self.report_batch.pk}
                for act in ("detail", "progress", "pause", "resume", "cancel", "retry", "download")
            },
            "reports:city-reports": {"pk": self.evaluation.cycle_id},
            "reports:target-correct": {"pk": self.target.pk},
            "reports:published-case": {"pk": self.case.pk},
            **{
                f"reports:case-{act}": {"pk": self.case.pk}
                for act in ("edit", "propose", "publish", "return", "withdraw")
            },
            "reports:published-report": {"number": self.edition.number},
            "reports:published-file": {"number": self.edition.number, "language": "en"},
            "reports:report-withdraw": {"pk": self.edition.pk},
            "reports:city-report-download": {"pk": self.city_report.pk},
            "reports:agreement-documents": {"pk": self.agreement.pk},
            "reports:agreement-download": {"pk": self.agreement_document.pk},
            "reports:minutes-document-download": {"pk": self.minutes.pk},
            "reports:contract-document-download": {"pk": self.contract_document.pk},
            "reports:agreement-retry": {"pk": self.agreement_document.pk},
            **{
                f"consortia:{part}-add": of_consortium for part in ("technology", "task", "outcome", "platform", "fund")
            },
            "consortia:milestone-add": {"pk": self.task.pk},
            **{
                f"consortia:{part}": {"pk": self.platform.pk}
                for part in ("builder-add", "service-add", "direct-propose")
            },
            "consortia:direct-file": {"pk": self.direct_file.pk},
            "consortia:direct-detach": {"pk": self.direct_file.pk},
            "consortia:terms-set": {"kind": "PARK"},
            **{f"consortia:{slug}-add": of_consortium for slug in self.entries},
            **{f"consortia:{act}": of_consortium for act in ("demand-pose", "visit-record", "issue-raise")},
            "consortia:demand-match": {"pk": self.answer.pk},
            "consortia:link-find": {"pk": self.rectifying.pk},
            "consortia:link-propose": {"pk": self.rectifying.pk, "partner": self.operating.pk},
            "consortia:seven-claim": {**of_consortium, "year": self.one.year, "item": self.one.item},
            "consortia:seven-file": {"pk": self.one_file.pk},
            "consortia:seven-close": {"year": 2025},
            "consortia:follow-up-add": {"pk": self.visit.pk},
            "consortia:investment-add": {"pk": self.fund.pk},
            "consortia:evidence-attach": {"pk": self.outcome.pk},
            "consortia:evidence-download": {"pk": self.outcome_evidence.pk},
            "consortia:evidence-remove": {"pk": self.outcome_evidence.pk},
            "consortia:adoption-add": {"pk": self.outcome.pk},
            "funding:application-start": {"pk": self.call.pk},
            "funding:application-edit": {"pk": self.draft.pk, "section": "basics"},
            "funding:section-autosave": {"pk": self.draft.pk, "section": "basics"},
            "funding:application-budget": {"pk": self.draft.pk},
            "funding:budget-autosave": {"pk": self.draft.pk},
            "funding:application-workbook": {"pk": self.draft.pk},
            "funding:workbook-download": {"pk": self.draft.pk},
            "funding:workbook-apply": {"pk": self.workbook.pk},
            "reports:application-documents": {"pk": self.application.pk},
            **{
                f"reports:application-document{act}": {"pk": self.application_document.pk}
                for act in ("", "-progress", "-download", "-retry")
            },
            "funding:section-assign": {"pk": self.draft.pk, "section": "basics"},
            **{f"funding:application-{act}": {"pk": self.draft.pk} for act in ("avoid", "files", "submit", "withdraw")},
            "funding:application-taken-back": {"pk": self.draft.pk, "version": self.taken_back.pk},
            "funding:application-file": {"pk": self.draft.pk, "file": self.file.pk},
            "funding:application-file-remove": {"pk": self.draft.pk, "file": self.file.pk},
            "funding:avoidance-remove": {"pk": self.draft.pk, "avoidance": self.draft_avoidance.pk},
            "funding:avoidance-judge": {"pk": self.application.pk, "avoidance": self.avoidance.pk},
            "funding:application-file-preview": {"pk": self.draft.pk, "file": self.file.pk, "page": 1},
            "funding:review-dispute": {"pk": self.review.pk, "indicator": "L1"},
            "funding:review-file": {"pk": self.review.pk, "file": self.review_file.pk},
            "funding:review-file-preview": {"pk": self.review.pk, "file": self.review_file.pk, "page": 1},
            "funding:call-publicise": {"pk": self.call.pk},
            "funding:call-outcomes": {"pk": self.call.pk},
            "funding:call-prepare-draws": {"pk": self.draw.application.call_id},
            "funding:call-assign": {"pk": self.assignment.call_id},
            **{
                f"funding:assignment-{act}": {"pk": self.assignment.pk}
                for act in ("detail", "progress", "hand-over", "agree", "drop")
            },
            "funding:assignment-exchange": {
                "pk": AssignmentPair.objects.filter(case__assignment=self.assignment).first().pk
            },
            "funding:objection-evidence": {"pk": self.objection.pk, "file": self.objection_file.pk},
            "funding:public-draw": {"pk": self.draw.pk},
            "funding:public-draw-record": {"pk": self.draw.pk},
            "reports:replay-detail": {"pk": self.publicised.pk},
            "reports:replay-bundle": {"pk": self.publicised.pk},
            **{
                f"funding:session-{act}": {"pk": self.meeting.pk}
                for act in ("detail", "invite", "move", "cancel", "sign-in", "lock", "calendar")
            },
            "funding:session-arrange": {"pk": self.meeting.call_id, "kind": "DEFENCE"},
            "funding:slot-file": {"pk": self.slot.pk, "file": self.slot_file.pk},
            "reports:session-documents": {"pk": self.locked_session.pk},
            "reports:session-document-download": {"pk": self.session_document.pk},
            "reports:draw-documents": {"pk": self.draw.pk},
            "reports:notice-document": {"pk": self.notice.pk, "language": "en"},
            "reports:reply-documents": {"pk": self.objection.pk},
            "reports:reply-document-download": {"pk": self.reply_document.pk},
            "reports:draw-document-download": {"pk": self.draw_document.pk},
            **{f"funding:expenditure-{act}": {"pk": self.award.pk} for act in ("record", "import", "template")},
            "funding:recovery-open": {"pk": self.award.pk},
            **{
                f"funding:{name}": {"pk": self.contract.pk}
                for name in ("acceptance-request", "termination-ask", "termination-propose")
            },
            "funding:acceptance-file": {"pk": self.acceptance.pk, "which": "report"},
            **{
                f"funding:recovery-{act}": {"pk": self.recovery.pk, "receipt": self.receipt.pk}
                for act in ("file", "reverse")
            },
            "funding:overlap-judge": {"pk": self.application.pk, "subsidy": self.subsidy.pk},
            "funding:question-ask": {"pk": self.call.pk},
            "funding:call-whole-form": {"pk": self.call.pk},
            "funding:call-self-test": {"pk": self.call.pk},
            "funding:call-document": {"pk": self.call.pk, "document": self.call_document.pk},
            "funding:call-move-drafts": {"pk": self.call.pk},
            "funding:answers-edit": {"pk": self.draft.pk, "section": "pilot"},
            "funding:answers-autosave": {"pk": self.draft.pk, "section": "pilot"},
            "funding:answers-attach": {"pk": self.draft.pk, "section": "costs", "question": "proof"},
            "funding:form-create": {},
            "funding:form-case-create": {"pk": self.form.pk},
            "funding:form-case-update": {"pk": self.form.pk, "case": "case1"},
            "funding:form-case-remove": {"pk": self.form.pk, "case": "case1"},
            "funding:form-section-create": {"pk": self.form.pk},
            "funding:form-section-update": {"pk": self.form.pk, "section": "pilot"},
            "funding:form-section-remove": {"pk": self.form.pk, "section": "pilot"},
            "funding:form-question-create": {"pk": self.form.pk, "section": "pilot"},
            "funding:form-question-update": {"pk": self.form.pk, "section": "pilot", "question": "plan"},
            "funding:form-question-remove": {"pk": self.form.pk, "section": "pilot", "question": "plan"},
            "funding:call-document-remove": {"pk": self.call.pk, "document": self.call_document.pk},
            "reports:grade-list": {"pk": self.report.evaluation.grade_list_id},
            **{
                f"reports:grade-list-{act}": {"pk": self.report.evaluation.grade_list_id}
                for act in ("object", "received", "finalise")
            },
            "reports:grade-objector-reveal": {"pk": self.appeal.pk},
            "reports:appeal-file": {"pk": self.appeal_file.pk},
            "reports:evidence-attach": {"pk": self.evaluation.pk},
            "reports:report-request": {"pk": self.evaluation.pk},
            "reports:report-publish": {"pk": self.evaluation.pk},
            "reports:report-find": {},
            "reports:report-verify": {"number": self.report.number},
            "reports:export-take": {"slug": "awards"},
            "reports:funding-report": {"slug": "awards"},
            "reports:export-schedule": {"slug": "awards"},
            "reports:export-schedule-stop": {"pk": self.export_schedule.pk},
            "reports:export-job": {"pk": self.export_job.pk},
            **{
                f"reports:export-job-{act}": {"pk": self.export_job.pk}
                for act in ("progress", "download", "cancel", "retry")
            },
            "reports:audit-day": {"kind": "evaluation", "pk": self.evaluation.pk},
        }


PLAIN = {
    "reports:case-write",
    "reports:target-set",
    "reports:published-cases",
    "funding:objection-follow",
    "funding:objection-statistics",
    "funding:separation",
    "funding:expenditure-bulk-accept",
    "funding:recovery-list",
    "funding:acceptance-list",
    "funding:termination-list",
    "funding:subsidy-list",
    "funding:subsidy-record",
    "funding:subsidy-import",
    "funding:subsidy-template",
    "reports:dashboard",
    "reports:replay-list",
    "reports:verify-script",
    "funding:separation-export",
    "funding:reason-statistics",
    "consortia:consortium-export",
    "consortia:landscape",
    "consortia:lead-change-list",
    "consortia:consortium-bulk-assign-liaison",
    "consortia:circular-send",
    "reports:search",
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
    "consortia:outcome-export",
    "members:register",
    "members:register-sent",
    "members:organisation-own",
    "members:organisation-export",
    "members:system-console",
    "members:security-console",
    "members:audit-console",
    "members:session-end-others",
    "members:email-change",
    "members:shortcuts-update",
    "members:expert-export",
    "members:import-upload",
    "members:relation-import",
    "members:relation-template",
    "members:expert-own",
    "members:expert-apply",
    "members:expert-refresh",
    "members:expert-employ",
    "members:expert-nominate",
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
    "funding:application-bulk-clear",
    "funding:application-export",
    "palette",
    "notice-choices",
    "funding:draw-script",
    "funding:grading-board",
    "funding:grading-calibration",
    "funding:my-funding",
    "reports:cycle-open",
    "reports:my-evaluations",
    "reports:grade-lists",
    "reports:grade-list-follow",
    "api:schema",
    "consortia:public-consortium-list",
}
