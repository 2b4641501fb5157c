"""Addresses of the reports room."""

from django.urls import URLPattern, path

from reports.views import (
    agreements,
    appeals,
    applications,
    audit,
    batches,
    cases,
    consequences,
    consortium,
    contracts,
    cycles,
    dashboard,
    draws,
    evaluations,
    exportjobs,
    exports,
    gradelists,
    minutes,
    publicity,
    published,
    recoveries,
    replay,
    reports,
    search,
    selfreports,
    sessions,
    summaries,
    targets,
    verify,
)

app_name = "reports"

CYCLES: list[URLPattern] = [
    path("years/", cycles.CycleList.as_view(), name="cycle-list"),
    path("years/open/", cycles.CycleOpen.as_view(), name="cycle-open"),
    path("years/<uuid:pk>/", cycles.CycleDetail.as_view(), name="cycle-detail"),
    path("years/<uuid:pk>/close/", cycles.CycleClose.as_view(), name="cycle-close"),
    path("years/<uuid:pk>/publicise/", gradelists.GradesPublicise.as_view(), name="grades-publicise"),
    path("years/<uuid:pk>/batches/", batches.BatchOrder.as_view(), name="batch-order"),
    path("years/batches/<uuid:pk>/", batches.BatchDetail.as_view(), name="batch-detail"),
    path("years/batches/<uuid:pk>/progress/", batches.BatchProgress.as_view(), name="batch-progress"),
    path("years/batches/<uuid:pk>/pause/", batches.BatchPause.as_view(), name="batch-pause"),
    path("years/batches/<uuid:pk>/resume/", batches.BatchResume.as_view(), name="batch-resume"),
    path("years/batches/<uuid:pk>/cancel/", batches.BatchCancel.as_view(), name="batch-cancel"),
    path("years/batches/<uuid:pk>/retry/", batches.BatchRetry.as_view(), name="batch-retry"),
    path("years/batches/<uuid:pk>/download/", batches.BatchDownload.as_view(), name="batch-download"),
    path("years/targets/", targets.TargetList.as_view(), name="target-list"),
    path("years/targets/set/", targets.TargetSet.as_view(), name="target-set"),
    path("years/targets/<uuid:pk>/correct/", targets.TargetCorrect.as_view(), name="target-correct"),
    path("years/<uuid:pk>/summary/", summaries.CityReports.as_view(), name="city-reports"),
    path("years/summaries/<uuid:pk>/", summaries.CityReportDownload.as_view(), name="city-report-download"),
]

# --- grades: grade-lists, grade-list, appeal-list, … -------------------------------------------
GRADES: list[URLPattern] = [
    path("grades/", gradelists.GradeListList.as_view(), name="grade-lists"),
    path("grades/follow/", gradelists.GradeListFollow.as_view(), name="grade-list-follow"),
    path("grades/<uuid:pk>/", gradelists.GradeListDetail.as_view(), name="grade-list"),
    path("grades/<uuid:pk>/object/", gradelists.GradeListObject.as_view(), name="grade-list-object"),
    path("grades/<uuid:pk>/received/", gradelists.GradeListReceived.as_view(), name="grade-list-received"),
    path("grades/<uuid:pk>/finalise/", gradelists.GradeListFinalise.as_view(), name="grade-list-finalise"),
    path("appeals/", appeals.AppealList.as_view(), name="appeal-list"),
    path("appeals/<uuid:pk>/", appeals.AppealDetail.as_view(), name="appeal-detail"),
    path("appeals/<uuid:pk>/uphold/", appeals.AppealUphold.as_view(), name="appeal-uphold"),
    path("appeals/<uuid:pk>/dismiss/", appeals.AppealDismiss.as_view(), name="appeal-dismiss"),
    path("appeals/<uuid:pk>/objector/reveal/", appeals.GradeObjectorReveal.as_view(), name="grade-objector-reveal"),
    path("appeals/files/<uuid:pk>/", appeals.AppealFileDownload.as_view(), name="appeal-file"),
]

EVALUATIONS: list[URLPattern] = [
    path("evaluations/mine/", evaluations.MyEvaluations.as_view(), name="my-evaluations"),
    path("evaluations/consequences/", consequences.ConsequenceList.as_view(), name="consequence-list"),
    path("evaluations/<uuid:pk>/consequences/", consequences.ConsequencesDecide.as_view(), name="consequences-decide"),
    path("evaluations/<uuid:pk>/", evaluations.EvaluationDetail.as_view(), name="evaluation-detail"),
    path("evaluations/<uuid:pk>/edit/", selfreports.SelfReportEdit.as_view(), name="self-report-edit"),
    path("evaluations/<uuid:pk>/workbook/", selfreports.SelfReportWorkbook.as_view(), name="self-report-workbook"),
    path(
        "evaluations/<uuid:pk>/workbook/download/",
        selfreports.SelfReportDownload.as_view(),
        name="self-report-download",
    ),
    path("evaluations/<uuid:pk>/attach/", selfreports.EvidenceAttach.as_view(), name="evidence-attach"),
    path("evidence/<uuid:pk>/", selfreports.EvidenceDownload.as_view(), name="evidence-download"),
    path("evidence/<uuid:pk>/detach/", selfreports.EvidenceDetach.as_view(), name="evidence-detach"),
    path("evaluations/<uuid:pk>/submit/", selfreports.SelfReportSubmit.as_view(), name="self-report-submit"),
    path("evaluations/<uuid:pk>/verify/", evaluations.SelfReportVerify.as_view(), name="self-report-verify"),
    path("evaluations/<uuid:pk>/return/", evaluations.SelfReportReturn.as_view(), name="self-report-return"),
    path("evaluations/<uuid:pk>/assign/", evaluations.ExpertAssign.as_view(), name="expert-assign"),
    path("evaluations/<uuid:pk>/declare/", evaluations.ExpertDeclare.as_view(), name="expert-declare"),
    path("evaluations/<uuid:pk>/recuse/", evaluations.ExpertRecuse.as_view(), name="expert-recuse"),
    path("evaluations/<uuid:pk>/score/", evaluations.EvaluationScore.as_view(), name="evaluation-score"),
    path("evaluations/<uuid:pk>/grade/", evaluations.EvaluationGrade.as_view(), name="evaluation-grade"),
    path("evaluations/<uuid:pk>/confirm/", evaluations.GradeConfirm.as_view(), name="grade-confirm"),
    path("evaluations/<uuid:pk>/accept/", evaluations.GradeAccept.as_view(), name="grade-accept"),
    path("evaluations/<uuid:pk>/appeal/", evaluations.GradeAppeal.as_view(), name="grade-appeal"),
    path("evaluations/<uuid:pk>/exempt/", evaluations.EvaluationExempt.as_view(), name="evaluation-exempt"),
    path("evaluations/<uuid:pk>/send-back/", evaluations.EvaluationSendBack.as_view(), name="evaluation-send-back"),
    path("evaluations/<uuid:pk>/finalise/", evaluations.EvaluationFinalise.as_view(), name="evaluation-finalise"),
    path("evaluations/<uuid:pk>/absent/", evaluations.EvaluationMarkAbsent.as_view(), name="evaluation-mark-absent"),
    path("evaluations/<uuid:pk>/report/", reports.ReportRequest.as_view(), name="report-request"),
    path("evaluations/<uuid:pk>/publish/", published.ReportPublish.as_view(), name="report-publish"),
]

DOCUMENTS: list[URLPattern] = [
    path("verify/", verify.ReportFind.as_view(), name="report-find"),
    path("verify/<str:number>/", verify.ReportVerify.as_view(), name="report-verify"),
    path("published/", published.PublishedList.as_view(), name="published-list"),
    path("published/<str:number>/", published.PublishedReport.as_view(), name="published-report"),
    path("published/<str:number>/<str:language>.pdf", published.PublishedFile.as_view(), name="published-file"),
    path("published/<uuid:pk>/withdraw/", published.ReportWithdraw.as_view(), name="report-withdraw"),
    path("cases/", cases.PublishedCases.as_view(), name="published-cases"),
    path("cases/write/", cases.CaseWrite.as_view(), name="case-write"),
    path("cases/<uuid:pk>/", cases.PublishedCase.as_view(), name="published-case"),
    path("cases/<uuid:pk>/edit/", cases.CaseEdit.as_view(), name="case-edit"),
    path("cases/<uuid:pk>/propose/", cases.CasePropose.as_view(), name="case-propose"),
    path("cases/<uuid:pk>/publish/", cases.CasePublish.as_view(), name="case-publish"),
    path("cases/<uuid:pk>/return/", cases.CaseReturn.as_view(), name="case-return"),
    path("cases/<uuid:pk>/withdraw/", cases.CaseWithdraw.as_view(), name="case-withdraw"),
    path("documents/", reports.ReportList.as_view(), name="report-list"),
    path("documents/<uuid:pk>/", reports.ReportDetail.as_view(), name="report-detail"),
    path("documents/<uuid:pk>/progress/", reports.ReportProgress.as_view(), name="report-progress"),
    path("documents/<uuid:pk>/retry/", reports.ReportRetry.as_view(), name="report-retry"),
    path("documents/<uuid:pk>/open/", reports.ReportOpen.as_view(), name="report-open"),
    path("documents/<uuid:pk>/download/", reports.ReportDownload.as_view(), name="report-download"),
]

AGREEMENTS: list[URLPattern] = [
    path("agreements/<uuid:pk>/", agreements.AgreementDocuments.as_view(), name="agreement-documents"),
    path("agreements/files/<uuid:pk>/", agreements.AgreementDownload.as_view(), name="agreement-download"),
    path("agreements/files/<uuid:pk>/retry/", agreements.AgreementRetry.as_view(), name="agreement-retry"),
]

APPLICATIONS: list[URLPattern] = [
    path("sessions/<uuid:pk>/", sessions.SessionDocuments.as_view(), name="session-documents"),
    path(
        "sessions/files/<uuid:pk>/download/",
        sessions.SessionDocumentDownload.as_view(),
        name="session-document-download",
    ),
    path("contracts/<uuid:pk>/", contracts.ContractDocuments.as_view(), name="contract-documents"),
    path(
        "contracts/files/<uuid:pk>/download/",
        contracts.ContractDocumentDownload.as_view(),
        name="contract-document-download",
    ),
    path("draws/<uuid:pk>/", draws.DrawDocuments.as_view(), name="draw-documents"),
    path("draws/files/<uuid:pk>/download/", draws.DrawDocumentDownload.as_view(), name="draw-document-download"),
    path("notices/<uuid:pk>/<str:language>.pdf", publicity.NoticeFile.as_view(), name="notice-document"),
    path("recoveries/<uuid:pk>/notice.pdf", recoveries.RecoveryFile.as_view(), name="recovery-document"),
    path("replies/<uuid:pk>/", publicity.ReplyDocuments.as_view(), name="reply-documents"),
    path(
        "replies/files/<uuid:pk>/download/",
        publicity.ReplyDocumentDownload.as_view(),
        name="reply-document-download",
    ),
    path("minutes/<uuid:pk>/", minutes.MinutesDocuments.as_view(), name="minutes-documents"),
    path(
        "minutes/files/<uuid:pk>/download/",
        minutes.MinutesDocumentDownload.as_view(),
        name="minutes-document-download",
    ),
    path("applications/<uuid:pk>/", applications.ApplicationDocuments.as_view(), name="application-documents"),
    path(
        "applications/files/<uuid:pk>/", applications.ApplicationDocumentDetail.as_view(), name="application-document"
    ),
    path(
        "applications/files/<uuid:pk>/progress/",
        applications.ApplicationDocumentProgress.as_view(),
        name="application-document-progress",
    ),
    path(
        "applications/files/<uuid:pk>/download/",
        applications.ApplicationDocumentDownload.as_view(),
        name="application-document-download",
    ),
    path(
        "applications/files/<uuid:pk>/retry/",
        applications.ApplicationDocumentRetry.as_view(),
        name="application-document-retry",
    ),
]

# --- exports: export-list, … -------------------------------------------------------------------
EXPORTS: list[URLPattern] = [
    path("money/", dashboard.Dashboard.as_view(), name="dashboard"),
    path("exports/", exports.ExportList.as_view(), name="export-list"),
    path("exports/files/", exportjobs.ExportJobList.as_view(), name="export-job-list"),
    path("exports/files/<uuid:pk>/", exportjobs.ExportJobDetail.as_view(), name="export-job"),
    path("exports/files/<uuid:pk>/progress/", exportjobs.ExportJobProgress.as_view(), name="export-job-progress"),
    path("exports/files/<uuid:pk>/download/", exportjobs.ExportJobDownload.as_view(), name="export-job-download"),
    path("exports/files/<uuid:pk>/cancel/", exportjobs.ExportJobCancel.as_view(), name="export-job-cancel"),
    path("exports/files/<uuid:pk>/retry/", exportjobs.ExportJobRetry.as_view(), name="export-job-retry"),
    path("exports/schedules/<uuid:pk>/stop/", exportjobs.ExportScheduleStop.as_view(), name="export-schedule-stop"),
    path("exports/<slug:slug>/schedule/", exports.ExportScheduleCreate.as_view(), name="export-schedule"),
    path("exports/<slug:slug>/", exports.ReportPage.as_view(), name="funding-report"),
    path("exports/<slug:slug>/take/", exports.ExportTake.as_view(), name="export-take"),
]

# --- audit trail: audit-list, … ----------------------------------------------------------------
AUDIT: list[URLPattern] = [
    path("audit/", audit.AuditList.as_view(), name="audit-list"),
    path("audit/export/", audit.AuditExport.as_view(), name="audit-export"),
    path("audit/<slug:kind>/<uuid:pk>/", audit.AuditDay.as_view(), name="audit-day"),
]

# --- replay: replay-list, … ---------------------------------------------------------------------
REPLAY: list[URLPattern] = [
    path("replay/", replay.ReplayList.as_view(), name="replay-list"),
    path("replay/verify.py", replay.VerifyScript.as_view(), name="verify-script"),
    path("replay/<uuid:pk>/", replay.ReplayDetail.as_view(), name="replay-detail"),
    path("replay/<uuid:pk>/bundle/", replay.ReplayBundle.as_view(), name="replay-bundle"),
]

ACROSS: list[URLPattern] = [
    path("search/", search.Search.as_view(), name="search"),
    path("consortia/<uuid:pk>/", consortium.ConsortiumDocuments.as_view(), name="consortium-documents"),
]

urlpatterns: list[URLPattern] = [
    *ACROSS,
    *CYCLES,
    *EVALUATIONS,
    *GRADES,
    *DOCUMENTS,
    *AGREEMENTS,
    *APPLICATIONS,
    *EXPORTS,
    *AUDIT,
    *REPLAY,
]
