"""Addresses of the funding room."""

from django.urls import URLPattern, path

from funding.views import amendments as amendment_views
from funding.views import answers as answer_views
from funding.views import applications as application_views
from funding.views import assignments as assignment_views
from funding.views import autosave as autosave_views
from funding.views import avoidances as avoidance_views
from funding.views import boards as board_views
from funding.views import budget as budget_views
from funding.views import calibration as calibration_views
from funding.views import calls as call_views
from funding.views import checks as check_views
from funding.views import clearing as credit_views
from funding.views import consortium as consortium_views
from funding.views import contracts as contract_views
from funding.views import decisions as decision_views
from funding.views import design_parts as part_views
from funding.views import designs as design_views
from funding.views import disputes as dispute_views
from funding.views import documents as document_views
from funding.views import drafts as draft_views
from funding.views import draws as draw_views
from funding.views import endings as ending_views
from funding.views import experts as expert_views
from funding.views import forecasts as forecast_views
from funding.views import invitations as invitation_views
from funding.views import ledger as ledger_views
from funding.views import limits as limit_views
from funding.views import meetings as meeting_views
from funding.views import money as money_views
from funding.views import moved_sessions as move_views
from funding.views import notices as notice_views
from funding.views import outcomes as outcome_views
from funding.views import panels as panel_views
from funding.views import payments as payment_views
from funding.views import previews as preview_views
from funding.views import questions as question_views
from funding.views import recommendations as recommendation_views
from funding.views import recoveries as recovery_views
from funding.views import recusals as recusal_views
from funding.views import rehearsals as rehearsal_views
from funding.views import relays as relay_views
from funding.views import reviews as review_views
from funding.views import scenarios as scenario_views
from funding.views import score_workbooks as score_workbook_views
from funding.views import scoring as scoring_views
from funding.views import sections as section_views
from funding.views import separation as separation_views
from funding.views import sessions as session_views
from funding.views import similarity as similarity_views
from funding.views import spending as spending_views
from funding.views import spending_import as import_views
from funding.views import subsidies as subsidy_views
from funding.views import workbooks as workbook_views

app_name = "funding"

# --- the page of a consortium ------------------------------------------------------------------
consortium: list[URLPattern] = [
    path("consortia/<uuid:pk>/", consortium_views.ConsortiumMoney.as_view(), name="consortium-money"),
]

# --- calls -------------------------------------------------------------------------------------
calls: list[URLPattern] = [
    path("calls/", call_views.CallList.as_view(), name="call-list"),
    path("calls/create/", call_views.CallCreate.as_view(), name="call-create"),
    path("calls/<uuid:pk>/", call_views.CallDetail.as_view(), name="call-detail"),
    path("calls/<uuid:pk>/form/", call_views.CallWholeForm.as_view(), name="call-whole-form"),
    path("calls/<uuid:pk>/self-test/", forecast_views.CallSelfTest.as_view(), name="call-self-test"),
    path("calls/<uuid:pk>/update/", call_views.CallUpdate.as_view(), name="call-update"),
    path("calls/<uuid:pk>/publish/", call_views.CallPublish.as_view(), name="call-publish"),
    path("calls/<uuid:pk>/move-drafts/", design_views.CallMoveDrafts.as_view(), name="call-move-drafts"),
    path("calls/<uuid:pk>/copy/", call_views.CallCopy.as_view(), name="call-copy"),
    path("calls/<uuid:pk>/extend/", call_views.CallExtend.as_view(), name="call-extend"),
    path("calls/<uuid:pk>/documents/", document_views.CallDocuments.as_view(), name="call-documents"),
    path(
        "calls/<uuid:pk>/documents/<uuid:document>/",
        document_views.CallDocumentDownload.as_view(),
        name="call-document",
    ),
    path(
        "calls/<uuid:pk>/documents/<uuid:document>/remove/",
        document_views.CallDocumentRemove.as_view(),
        name="call-document-remove",
    ),
    path("calls/<uuid:pk>/ask/", question_views.QuestionAsk.as_view(), name="question-ask"),
    path("questions/", question_views.QuestionList.as_view(), name="question-list"),
    path("questions/<uuid:pk>/", question_views.QuestionDetail.as_view(), name="question-detail"),
    path("questions/<uuid:pk>/answer/", question_views.QuestionAnswer.as_view(), name="question-answer"),
    path("questions/<uuid:pk>/publish/", question_views.QuestionPublish.as_view(), name="question-publish"),
    path("questions/<uuid:pk>/retract/", question_views.QuestionRetract.as_view(), name="question-retract"),
    path("calls/rehearsals/", rehearsal_views.RehearsalList.as_view(), name="rehearsal-list"),
    path("calls/<uuid:pk>/rehearsal/", rehearsal_views.RehearsalDetail.as_view(), name="rehearsal-detail"),
    path("calls/<uuid:pk>/rehearsal/delete/", rehearsal_views.RehearsalDelete.as_view(), name="rehearsal-delete"),
    path("calls/<uuid:pk>/conclude/", call_views.CallConclude.as_view(), name="call-conclude"),
    path("calls/<uuid:pk>/start/", draft_views.ApplicationStart.as_view(), name="application-start"),
]

# --- designed forms ----------------------------------------------------------------------------
forms: list[URLPattern] = [
    path("forms/", design_views.FormList.as_view(), name="form-list"),
    path("forms/create/", design_views.FormCreate.as_view(), name="form-create"),
    path("forms/<uuid:pk>/", design_views.FormDetail.as_view(), name="form-detail"),
    path("forms/<uuid:pk>/preview/", design_views.FormPreview.as_view(), name="form-preview"),
    path("forms/<uuid:pk>/update/", design_views.FormUpdate.as_view(), name="form-update"),
    path("forms/<uuid:pk>/copy/", design_views.FormCopy.as_view(), name="form-copy"),
    path("forms/<uuid:pk>/move/", design_views.FormMove.as_view(), name="form-move"),
    path("forms/<uuid:pk>/publish/", design_views.FormPublish.as_view(), name="form-publish"),
    path("forms/<uuid:pk>/retire/", design_views.FormRetire.as_view(), name="form-retire"),
    path("forms/<uuid:pk>/cases/create/", part_views.FormCaseCreate.as_view(), name="form-case-create"),
    path("forms/<uuid:pk>/cases/<slug:case>/", part_views.FormCaseUpdate.as_view(), name="form-case-update"),
    path("forms/<uuid:pk>/cases/<slug:case>/remove/", part_views.FormCaseRemove.as_view(), name="form-case-remove"),
    path("forms/<uuid:pk>/sections/create/", part_views.FormSectionCreate.as_view(), name="form-section-create"),
    path(
        "forms/<uuid:pk>/sections/<slug:section>/",
        part_views.FormSectionUpdate.as_view(),
        name="form-section-update",
    ),
    path(
        "forms/<uuid:pk>/sections/<slug:section>/remove/",
        part_views.FormSectionRemove.as_view(),
        name="form-section-remove",
    ),
    path(
        "forms/<uuid:pk>/sections/<slug:section>/questions/create/",
        part_views.FormQuestionCreate.as_view(),
        name="form-question-create",
    ),
    path(
        "forms/<uuid:pk>/sections/<slug:section>/questions/<slug:question>/",
        part_views.FormQuestionUpdate.as_view(),
        name="form-question-update",
    ),
    path(
        "forms/<uuid:pk>/sections/<slug:section>/questions/<slug:question>/remove/",
        part_views.FormQuestionRemove.as_view(),
        name="form-question-remove",
    ),
]

# --- applications ------------------------------------------------------------------------------
applications: list[URLPattern] = [
    path("applications/", application_views.ApplicationList.as_view(), name="application-list"),
    path("applications/mine/", application_views.MyApplications.as_view(), name="my-applications"),
    path("applications/export/", application_views.ApplicationExport.as_view(), name="application-export"),
    path("applications/check/", check_views.ApplicationBulkCheck.as_view(), name="application-bulk-check"),
    path("applications/clear/", credit_views.ApplicationBulkClear.as_view(), name="application-bulk-clear"),
    path("applications/<uuid:pk>/", application_views.ApplicationDetail.as_view(), name="application-detail"),
    path("applications/<uuid:pk>/print/", application_views.ApplicationPrint.as_view(), name="application-print"),
    path("applications/reasons/", application_views.ReasonStatistics.as_view(), name="reason-statistics"),
    path("applications/<uuid:pk>/changes/", application_views.ApplicationChanges.as_view(), name="application-changes"),
    path("applications/<uuid:pk>/receipt/", application_views.ApplicationReceipt.as_view(), name="application-receipt"),
    path(
        "applications/<uuid:pk>/edit/budget/",
        budget_views.BudgetPage.as_view(),
        {"section": "budget"},
        name="application-budget",
    ),
    path(
        "applications/<uuid:pk>/edit/budget/autosave/",
        budget_views.BudgetAutosave.as_view(),
        {"section": "budget"},
        name="budget-autosave",
    ),
    path(
        "applications/<uuid:pk>/edit/<slug:section>/", section_views.ApplicationEdit.as_view(), name="application-edit"
    ),
    path(
        "applications/<uuid:pk>/edit/<slug:section>/writers/",
        draft_views.SectionAssign.as_view(),
        name="section-assign",
    ),
    path(
        "applications/<uuid:pk>/edit/<slug:section>/autosave/",
        autosave_views.SectionAutosave.as_view(),
        name="section-autosave",
    ),
    path("applications/<uuid:pk>/answers/<slug:section>/", answer_views.AnswersEdit.as_view(), name="answers-edit"),
    path(
        "applications/<uuid:pk>/answers/<slug:section>/autosave/",
        answer_views.AnswersAutosave.as_view(),
        name="answers-autosave",
    ),
    path(
        "applications/<uuid:pk>/answers/<slug:section>/files/<slug:question>/",
        answer_views.AnswersAttach.as_view(),
        name="answers-attach",
    ),
    path("applications/<uuid:pk>/files/", draft_views.ApplicationFiles.as_view(), name="application-files"),
    path(
        "applications/<uuid:pk>/files/<uuid:file>/",
        application_views.ApplicationFileDownload.as_view(),
        name="application-file",
    ),
    path(
        "applications/<uuid:pk>/files/<uuid:file>/preview/<int:page>/",
        preview_views.ApplicationFilePreview.as_view(),
        name="application-file-preview",
    ),
    path(
        "applications/<uuid:pk>/files/<uuid:file>/remove/",
        draft_views.ApplicationFileRemove.as_view(),
        name="application-file-remove",
    ),
    path("applications/<uuid:pk>/avoid/", avoidance_views.AvoidancePage.as_view(), name="application-avoid"),
    path(
        "applications/<uuid:pk>/avoid/<uuid:avoidance>/remove/",
        avoidance_views.AvoidanceRemove.as_view(),
        name="avoidance-remove",
    ),
    path(
        "applications/<uuid:pk>/avoid/<uuid:avoidance>/judge/",
        avoidance_views.AvoidanceJudge.as_view(),
        name="avoidance-judge",
    ),
    path("applications/<uuid:pk>/workbook/", workbook_views.WorkbookUpload.as_view(), name="application-workbook"),
    path(
        "applications/<uuid:pk>/workbook/download/", workbook_views.WorkbookDownload.as_view(), name="workbook-download"
    ),
    path("workbooks/<uuid:pk>/", workbook_views.WorkbookApply.as_view(), name="workbook-apply"),
    path("applications/<uuid:pk>/submit/", draft_views.ApplicationSubmit.as_view(), name="application-submit"),
    path("applications/<uuid:pk>/take-back/", draft_views.ApplicationTakeBack.as_view(), name="application-take-back"),
    path(
        "applications/<uuid:pk>/taken-back/<uuid:version>/",
        application_views.ApplicationTakenBack.as_view(),
        name="application-taken-back",
    ),
    path("applications/<uuid:pk>/withdraw/", draft_views.ApplicationWithdraw.as_view(), name="application-withdraw"),
    path("applications/<uuid:pk>/recommend/", check_views.ApplicationRecommend.as_view(), name="application-recommend"),
    path(
        "applications/<uuid:pk>/decline-recommendation/",
        check_views.ApplicationDecline.as_view(),
        name="application-decline-recommendation",
    ),
    path("applications/<uuid:pk>/return/", check_views.ApplicationReturn.as_view(), name="application-return"),
    path("applications/<uuid:pk>/clear/", credit_views.ApplicationClear.as_view(), name="application-clear"),
    path("applications/<uuid:pk>/suspend/", credit_views.ApplicationSuspend.as_view(), name="application-suspend"),
    path("applications/<uuid:pk>/resume/", credit_views.ApplicationResume.as_view(), name="application-resume"),
    path(
        "applications/<uuid:pk>/end-suspended/",
        credit_views.ApplicationEndSuspended.as_view(),
        name="application-end-suspended",
    ),
    path("applications/<uuid:pk>/check/", check_views.ApplicationCheck.as_view(), name="application-check"),
    path("applications/<uuid:pk>/reject/", check_views.ApplicationReject.as_view(), name="application-reject"),
    path(
        "applications/<uuid:pk>/request-correction/",
        check_views.ApplicationRequestCorrection.as_view(),
        name="application-request-correction",
    ),
]

similarity: list[URLPattern] = [
    path("applications/<uuid:pk>/similarity/", similarity_views.SimilarityDetail.as_view(), name="similarity-detail"),
    path(
        "applications/<uuid:pk>/similarity/check/", similarity_views.SimilarityCheck.as_view(), name="similarity-check"
    ),
    path("similarity/<uuid:pk>/", similarity_views.SimilarityFindingDetail.as_view(), name="similarity-finding"),
    path("similarity/<uuid:pk>/judge/", similarity_views.SimilarityJudge.as_view(), name="similarity-judge"),
]

recommendations: list[URLPattern] = [
    path("recommendations/", recommendation_views.RecommendationsList.as_view(), name="recommendations-list"),
    path(
        "recommendations/<uuid:pk>/",
        recommendation_views.RecommendationsDetail.as_view(),
        name="recommendations-detail",
    ),
    path(
        "recommendations/<uuid:pk>/print/",
        recommendation_views.RecommendationsPrint.as_view(),
        name="recommendations-print",
    ),
    path(
        "recommendations/<uuid:pk>/order/",
        recommendation_views.RecommendationsOrder.as_view(),
        name="recommendations-order",
    ),
    path(
        "recommendations/<uuid:pk>/close/",
        recommendation_views.RecommendationsClose.as_view(),
        name="recommendations-close",
    ),
    path(
        "recommendations/<uuid:pk>/export/",
        recommendation_views.RecommendationsExport.as_view(),
        name="recommendations-export",
    ),
]

# --- draws of experts ---------------------------------------------------------------------------
draws: list[URLPattern] = [
    path("draws/", draw_views.DrawList.as_view(), name="draw-list"),
    path("draws/public/", draw_views.PublicDrawList.as_view(), name="public-draw-list"),
    path("draws/public/replay.py", draw_views.DrawScript.as_view(), name="draw-script"),
    path("draws/public/<uuid:pk>/", draw_views.PublicDraw.as_view(), name="public-draw"),
    path("draws/public/<uuid:pk>/record.json", draw_views.PublicDrawRecord.as_view(), name="public-draw-record"),
    path("draws/<uuid:pk>/", draw_views.DrawDetail.as_view(), name="draw-detail"),
    path("draws/<uuid:pk>/witness/", draw_views.DrawWitness.as_view(), name="draw-witness"),
    path("draws/<uuid:pk>/draw/", draw_views.DrawExperts.as_view(), name="draw-experts"),
    path("draws/<uuid:pk>/cancel/", draw_views.DrawCancel.as_view(), name="draw-cancel"),
    path(
        "applications/<uuid:pk>/prepare-draw/",
        draw_views.ApplicationPrepareDraw.as_view(),
        name="application-prepare-draw",
    ),
    path("calls/<uuid:pk>/assign/", assignment_views.CallAssign.as_view(), name="call-assign"),
    path("assignments/<uuid:pk>/", assignment_views.AssignmentDetail.as_view(), name="assignment-detail"),
    path("assignments/<uuid:pk>/progress/", assignment_views.AssignmentProgress.as_view(), name="assignment-progress"),
    path(
        "assignments/<uuid:pk>/hand-over/", assignment_views.AssignmentHandOver.as_view(), name="assignment-hand-over"
    ),
    path("assignments/<uuid:pk>/agree/", assignment_views.AssignmentAgree.as_view(), name="assignment-agree"),
    path("assignments/<uuid:pk>/drop/", assignment_views.AssignmentDrop.as_view(), name="assignment-drop"),
    path("assignments/pairs/<uuid:pk>/", assignment_views.AssignmentExchange.as_view(), name="assignment-exchange"),
    path("calls/<uuid:pk>/prepare-draws/", draw_views.CallPrepareDraws.as_view(), name="call-prepare-draws"),
]

# --- the tier board -----------------------------------------------------------------------------
boards: list[URLPattern] = [
    path("calls/<uuid:pk>/board/", board_views.TierBoard.as_view(), name="tier-board"),
    path("calls/<uuid:pk>/scenarios/", scenario_views.CallScenarios.as_view(), name="call-scenarios"),
    path("scenarios/<uuid:pk>/", scenario_views.ScenarioDetail.as_view(), name="scenario-detail"),
    path("scenarios/<uuid:pk>/meeting/", scenario_views.ScenarioMeeting.as_view(), name="scenario-meeting"),
    path("scenarios/<uuid:pk>/record/", meeting_views.MeetingDetail.as_view(), name="scenario-record"),
    path(
        "scenarios/<uuid:pk>/record/attendance/", meeting_views.MeetingAttendance.as_view(), name="scenario-attendance"
    ),
    path("scenarios/<uuid:pk>/record/votes/", meeting_views.MeetingBallot.as_view(), name="scenario-ballot"),
    path("scenarios/<uuid:pk>/record/close/", meeting_views.MeetingClose.as_view(), name="scenario-close"),
    path("scenarios/<uuid:pk>/put-forward/", scenario_views.ScenarioPutForward.as_view(), name="scenario-put-forward"),
    path("scenarios/<uuid:pk>/take-back/", scenario_views.ScenarioTakeBack.as_view(), name="scenario-take-back"),
    path("scenarios/<uuid:pk>/approve/", scenario_views.ScenarioApprove.as_view(), name="scenario-approve"),
]

# --- defences and site visits -------------------------------------------------------------------
sessions: list[URLPattern] = [
    path("sessions/", session_views.SessionList.as_view(), name="session-list"),
    path("calls/<uuid:pk>/arrange/<str:kind>/", session_views.SessionArrange.as_view(), name="session-arrange"),
    path("sessions/<uuid:pk>/", session_views.SessionDetail.as_view(), name="session-detail"),
    path("sessions/<uuid:pk>/invite/", session_views.SessionInvite.as_view(), name="session-invite"),
    path("sessions/<uuid:pk>/move/", move_views.SessionMove.as_view(), name="session-move"),
    path("sessions/<uuid:pk>/cancel/", session_views.SessionCancel.as_view(), name="session-cancel"),
    path("sessions/<uuid:pk>/sign-in/", session_views.SessionSignIn.as_view(), name="session-sign-in"),
    path("sessions/<uuid:pk>/lock/", session_views.SessionLock.as_view(), name="session-lock"),
    path("sessions/<uuid:pk>/session.ics", session_views.SessionCalendar.as_view(), name="session-calendar"),
    path("sessions/cases/<uuid:pk>/", session_views.SlotDetail.as_view(), name="slot-detail"),
    path("sessions/cases/<uuid:pk>/sign-in/", session_views.SlotSignIn.as_view(), name="slot-sign-in"),
    path("sessions/cases/<uuid:pk>/conclude/", session_views.SlotConclude.as_view(), name="slot-conclude"),
    path("sessions/cases/<uuid:pk>/attach/", session_views.SlotAttach.as_view(), name="slot-attach"),
    path("sessions/cases/<uuid:pk>/files/<uuid:file>/", session_views.SlotFileDownload.as_view(), name="slot-file"),
    path("sessions/cases/<uuid:pk>/appointment.ics", session_views.SlotCalendar.as_view(), name="slot-calendar"),
]

# --- reviews and decision ----------------------------------------------------------------------
reviews: list[URLPattern] = [
    path("reviews/", review_views.ReviewList.as_view(), name="review-list"),
    path("reviews/<uuid:pk>/", scoring_views.ReviewDetail.as_view(), name="review-detail"),
    path("reviews/<uuid:pk>/accept/", review_views.ReviewAccept.as_view(), name="review-accept"),
    path("invitations/", invitation_views.InvitationList.as_view(), name="invitation-list"),
    path("reviews/<uuid:pk>/decline/", invitation_views.ReviewDecline.as_view(), name="review-decline"),
    path(
        "reviews/<uuid:pk>/extend-answer/", invitation_views.ReviewExtendAnswer.as_view(), name="review-extend-answer"
    ),
    path("reviews/<uuid:pk>/invite-again/", invitation_views.ReviewInviteAgain.as_view(), name="review-invite-again"),
    path("reviews/<uuid:pk>/remind/", invitation_views.ReviewRemind.as_view(), name="review-remind"),
    path("reviews/<uuid:pk>/recuse/", review_views.ReviewRecuse.as_view(), name="review-recuse"),
    path("reviews/<uuid:pk>/declare-again/", review_views.ReviewDeclareAgain.as_view(), name="review-declare-again"),
    path("reviews/<uuid:pk>/recuse-again/", review_views.ReviewRecuseAgain.as_view(), name="review-recuse-again"),
    path("reviews/<uuid:pk>/save-scores/", scoring_views.ReviewSaveScores.as_view(), name="review-save-scores"),
    path("reviews/<uuid:pk>/hand-in/", scoring_views.ReviewHandIn.as_view(), name="review-hand-in"),
    path("reviews/<uuid:pk>/autosave/", scoring_views.ReviewAutosave.as_view(), name="review-autosave"),
    path("reviews/<uuid:pk>/dispute/<str:indicator>/", dispute_views.ReviewDispute.as_view(), name="review-dispute"),
    path("reviews/<uuid:pk>/reopening/", dispute_views.ReopeningAsk.as_view(), name="review-ask-reopening"),
    path("reviews/<uuid:pk>/panel/", panel_views.ReviewPanel.as_view(), name="review-panel"),
    path("reviews/<uuid:pk>/discuss/", panel_views.ReviewDiscuss.as_view(), name="review-discuss"),
    path("reviews/<uuid:pk>/consolidate/", panel_views.ReviewConsolidate.as_view(), name="review-consolidate"),
    path("reviews/<uuid:pk>/name-lead/", panel_views.ReviewNameLead.as_view(), name="review-name-lead"),
    path("reviews/<uuid:pk>/workbook/", score_workbook_views.ReviewWorkbook.as_view(), name="review-workbook"),
    path(
        "reviews/<uuid:pk>/workbook/download/",
        score_workbook_views.ReviewWorkbookDownload.as_view(),
        name="review-workbook-download",
    ),
    path("score-workbooks/<uuid:pk>/", score_workbook_views.ScoreWorkbookApply.as_view(), name="score-workbook-apply"),
    path("disputes/<uuid:pk>/", dispute_views.DisputeDetail.as_view(), name="dispute-detail"),
    path("disputes/<uuid:pk>/uphold/", dispute_views.DisputeUphold.as_view(), name="dispute-uphold"),
    path("disputes/<uuid:pk>/dismiss/", dispute_views.DisputeDismiss.as_view(), name="dispute-dismiss"),
    path("reopenings/<uuid:pk>/", dispute_views.ReopeningDetail.as_view(), name="reopening-detail"),
    path("reopenings/<uuid:pk>/grant/", dispute_views.ReopeningGrant.as_view(), name="reopening-grant"),
    path("reopenings/<uuid:pk>/refuse/", dispute_views.ReopeningRefuse.as_view(), name="reopening-refuse"),
    path(
        "applications/<uuid:pk>/step-aside/",
        recusal_views.ApplicationStepAside.as_view(),
        name="application-step-aside",
    ),
    path(
        "applications/<uuid:pk>/recuse-official/",
        recusal_views.ApplicationRecuseOfficial.as_view(),
        name="application-recuse-official",
    ),
    path("recusals/<uuid:pk>/lift/", recusal_views.RecusalLift.as_view(), name="recusal-lift"),
    path("reviews/<uuid:pk>/release/", expert_views.ReviewRelease.as_view(), name="review-release"),
    path(
        "reviews/<uuid:pk>/files/<uuid:file>/preview/<int:page>/",
        preview_views.ReviewFilePreview.as_view(),
        name="review-file-preview",
    ),
    path("reviews/<uuid:pk>/files/<uuid:file>/", scoring_views.ReviewFile.as_view(), name="review-file"),
    path("applications/<uuid:pk>/assign/", expert_views.ApplicationAssign.as_view(), name="application-assign"),
    path(
        "applications/<uuid:pk>/add-expert/", expert_views.ApplicationAddExpert.as_view(), name="application-add-expert"
    ),
    path(
        "applications/<uuid:pk>/propose-experts/",
        expert_views.ApplicationProposeExperts.as_view(),
        name="application-propose-experts",
    ),
    path("namings/<uuid:pk>/", expert_views.NamingDetail.as_view(), name="naming-detail"),
    path("namings/<uuid:pk>/agree/", expert_views.NamingAgree.as_view(), name="naming-agree"),
    path("namings/<uuid:pk>/refuse/", expert_views.NamingRefuse.as_view(), name="naming-refuse"),
    path("reviews/<uuid:pk>/substitute/", expert_views.ReviewSubstitute.as_view(), name="review-substitute"),
    path("applications/<uuid:pk>/reviews/", review_views.ApplicationReviews.as_view(), name="application-reviews"),
    path("applications/<uuid:pk>/grade/", decision_views.ApplicationGrade.as_view(), name="application-grade"),
    path(
        "applications/<uuid:pk>/send-back/", decision_views.ApplicationSendBack.as_view(), name="application-send-back"
    ),
    path("applications/<uuid:pk>/decide/", decision_views.ApplicationDecide.as_view(), name="application-decide"),
    path("applications/<uuid:pk>/decline/", decision_views.ApplicationDecline.as_view(), name="application-decline"),
    path("applications/<uuid:pk>/object/", decision_views.ApplicationObject.as_view(), name="application-object"),
    path("applications/<uuid:pk>/continue/", decision_views.ApplicationContinue.as_view(), name="application-continue"),
    path("applications/<uuid:pk>/amend/", decision_views.ApplicationAmend.as_view(), name="application-amend"),
    path("applications/<uuid:pk>/overturn/", decision_views.ApplicationOverturn.as_view(), name="application-overturn"),
    path("applications/<uuid:pk>/approve/", decision_views.ApplicationApprove.as_view(), name="application-approve"),
    path("grading/", decision_views.GradingBoard.as_view(), name="grading-board"),
    path("grading/calibration/", calibration_views.GradingCalibration.as_view(), name="grading-calibration"),
    path("calls/<uuid:pk>/publicise/", notice_views.CallPublicise.as_view(), name="call-publicise"),
    path("calls/<uuid:pk>/outcomes/", outcome_views.CallOutcomes.as_view(), name="call-outcomes"),
    path("separation/", separation_views.Separation.as_view(), name="separation"),
    path("separation/export/", separation_views.SeparationExport.as_view(), name="separation-export"),
    path("notices/", notice_views.NoticeList.as_view(), name="notice-list"),
    path("notices/<uuid:pk>/", notice_views.NoticeDetail.as_view(), name="notice-detail"),
    path("notices/<uuid:pk>/object/", notice_views.NoticeObject.as_view(), name="notice-object"),
    path("notices/<uuid:pk>/print/", notice_views.NoticePrint.as_view(), name="notice-print"),
    path("notices/follow/", notice_views.ObjectionFollow.as_view(), name="objection-follow"),
    path("notices/statistics/", notice_views.ObjectionStatistics.as_view(), name="objection-statistics"),
    path("notices/<uuid:pk>/received/", notice_views.NoticeReceived.as_view(), name="notice-received"),
    path("objections/", notice_views.ObjectionList.as_view(), name="objection-list"),
    path("objections/<uuid:pk>/", notice_views.ObjectionDetail.as_view(), name="objection-detail"),
    path("objections/<uuid:pk>/dismiss/", notice_views.ObjectionDismiss.as_view(), name="objection-dismiss"),
    path("objections/<uuid:pk>/refuse/", notice_views.ObjectionRefuse.as_view(), name="objection-refuse"),
    path(
        "objections/<uuid:pk>/evidence/<uuid:file>/",
        notice_views.ObjectionEvidence.as_view(),
        name="objection-evidence",
    ),
    path("objections/<uuid:pk>/objector/reveal/", notice_views.ObjectorReveal.as_view(), name="objector-reveal"),
    path("objections/<uuid:pk>/uphold/", notice_views.ObjectionUphold.as_view(), name="objection-uphold"),
]

# --- money -------------------------------------------------------------------------------------
money: list[URLPattern] = [
    path("budget/", ledger_views.LineList.as_view(), name="budget-lines"),
    path("budget/programmes/new/", ledger_views.ProgrammeCreate.as_view(), name="programme-create"),
    path("budget/lines/new/", ledger_views.LineOpen.as_view(), name="budget-line-open"),
    path("budget/lines/<uuid:pk>/", ledger_views.LineDetail.as_view(), name="budget-line"),
    path("budget/lines/<uuid:pk>/appropriate/", ledger_views.AppropriationRecord.as_view(), name="appropriate"),
    path("appropriations/<uuid:pk>/confirm/", ledger_views.Confirm.as_view(), name="appropriation-confirm"),
    path("appropriations/<uuid:pk>/drop/", ledger_views.Drop.as_view(), name="appropriation-drop"),
    path("calls/<uuid:pk>/line/", ledger_views.LineOfCall.as_view(), name="call-line"),
    path("ledger/", ledger_views.EntryList.as_view(), name="ledger"),
    path("ledger/<int:pk>/", ledger_views.EntryDetail.as_view(), name="ledger-entry"),
    path("batches/", payment_views.BatchList.as_view(), name="batch-list"),
    path("budget/lines/<uuid:pk>/batch/", payment_views.BatchPrepare.as_view(), name="batch-prepare"),
    path("batches/<uuid:pk>/", payment_views.BatchDetail.as_view(), name="batch-detail"),
    path("batches/<uuid:pk>/release/", payment_views.BatchRelease.as_view(), name="batch-release"),
    path("batches/<uuid:pk>/send/", payment_views.BatchSend.as_view(), name="batch-send"),
    path("batches/<uuid:pk>/drop/", payment_views.BatchDrop.as_view(), name="batch-drop"),
    path("batches/<uuid:pk>/bank-file/", payment_views.BankFile.as_view(), name="bank-file"),
    path("statements/", payment_views.StatementList.as_view(), name="statement-list"),
    path("statements/template/", payment_views.StatementTemplate.as_view(), name="statement-template"),
    path("statements/import/", payment_views.StatementImport.as_view(), name="statement-import"),
    path("statements/<uuid:pk>/", payment_views.StatementDetail.as_view(), name="statement-detail"),
    path("statements/<uuid:pk>/file/", payment_views.StatementFile.as_view(), name="statement-file"),
    path("statements/<uuid:pk>/settle/", payment_views.StatementSettle.as_view(), name="statement-settle"),
    path("statement-lines/<uuid:pk>/", payment_views.LineSettle.as_view(), name="statement-line"),
    path("tranches/", money_views.TrancheList.as_view(), name="tranche-list"),
    path("tranches/<uuid:pk>/", money_views.TrancheDetail.as_view(), name="tranche-detail"),
    path("tranches/<uuid:pk>/request/", money_views.TrancheRequest.as_view(), name="tranche-request"),
    path("tranches/<uuid:pk>/verify/", money_views.TrancheVerify.as_view(), name="tranche-verify"),
    path("tranches/<uuid:pk>/review/", money_views.TrancheReview.as_view(), name="tranche-review"),
    path("tranches/<uuid:pk>/approve/", money_views.TrancheApprove.as_view(), name="tranche-approve"),
    path("tranches/<uuid:pk>/pay/", money_views.TranchePay.as_view(), name="tranche-pay"),
    path("tranches/<uuid:pk>/fail/", payment_views.TrancheFail.as_view(), name="tranche-fail"),
    path("tranches/<uuid:pk>/comes-back/", payment_views.TrancheComesBack.as_view(), name="tranche-comes-back"),
    path("tranches/<uuid:pk>/confirm/", money_views.TrancheConfirm.as_view(), name="tranche-confirm"),
    path("tranches/<uuid:pk>/return/", money_views.TrancheReturn.as_view(), name="tranche-return"),
    path("tranches/<uuid:pk>/hold/", money_views.TrancheHold.as_view(), name="tranche-hold"),
    path("tranches/<uuid:pk>/release/", money_views.TrancheRelease.as_view(), name="tranche-release"),
    path("tranches/<uuid:pk>/cancel/", money_views.TrancheCancel.as_view(), name="tranche-cancel"),
    path("contracts/<uuid:pk>/", contract_views.ContractDetail.as_view(), name="contract-detail"),
    path("contracts/<uuid:pk>/edit/<slug:part>/", contract_views.ContractEdit.as_view(), name="contract-edit"),
    path("contracts/<uuid:pk>/offer/", contract_views.ContractOffer.as_view(), name="contract-offer"),
    path("contracts/<uuid:pk>/confirm/", contract_views.ContractConfirm.as_view(), name="contract-confirm"),
    path("contracts/<uuid:pk>/return/", contract_views.ContractReturn.as_view(), name="contract-return"),
    path("contracts/<uuid:pk>/readiness/", contract_views.ContractReadiness.as_view(), name="contract-readiness"),
    path(
        "contracts/<uuid:pk>/amend/<slug:kind>/", amendment_views.AmendmentPropose.as_view(), name="amendment-propose"
    ),
    path("amendments/<uuid:pk>/", amendment_views.AmendmentDetail.as_view(), name="amendment-detail"),
    path("amendments/<uuid:pk>/consent/", amendment_views.AmendmentConsents.as_view(), name="amendment-consent"),
    path("amendments/<uuid:pk>/check/", amendment_views.AmendmentCheck.as_view(), name="amendment-check"),
    path("amendments/<uuid:pk>/decide/", amendment_views.AmendmentDecide.as_view(), name="amendment-decide"),
    path("amendments/<uuid:pk>/refuse/", amendment_views.AmendmentRefuse.as_view(), name="amendment-refuse"),
    path("amendments/<uuid:pk>/withdraw/", amendment_views.AmendmentWithdraw.as_view(), name="amendment-withdraw"),
    path("acceptances/", ending_views.AcceptanceList.as_view(), name="acceptance-list"),
    path(
        "contracts/<uuid:pk>/acceptance/request/", ending_views.AcceptanceRequest.as_view(), name="acceptance-request"
    ),
    path("acceptances/<uuid:pk>/", ending_views.AcceptanceDetail.as_view(), name="acceptance-detail"),
    path("acceptances/<uuid:pk>/files/<slug:which>/", ending_views.AcceptanceFile.as_view(), name="acceptance-file"),
    *(
        path(f"acceptances/<uuid:pk>/{act}/", view.as_view(), name=f"acceptance-{act}")
        for act, view in ending_views.ACCEPTANCE_STEPS.items()
    ),
    path("terminations/", ending_views.TerminationList.as_view(), name="termination-list"),
    path("contracts/<uuid:pk>/termination/ask/", ending_views.TerminationAsk.as_view(), name="termination-ask"),
    path(
        "contracts/<uuid:pk>/termination/propose/",
        ending_views.TerminationPropose.as_view(),
        name="termination-propose",
    ),
    path("terminations/<uuid:pk>/", ending_views.TerminationDetail.as_view(), name="termination-detail"),
    *(
        path(f"terminations/<uuid:pk>/{act}/", view.as_view(), name=f"termination-{act}")
        for act, view in ending_views.TERMINATION_STEPS.items()
    ),
    path("contracts/parties/<uuid:pk>/remind/", contract_views.PartyRemind.as_view(), name="party-remind"),
    path("contracts/<uuid:pk>/sign/", contract_views.ContractSign.as_view(), name="contract-sign"),
    path("contracts/<uuid:pk>/countersign/", contract_views.ContractCountersign.as_view(), name="contract-countersign"),
    path("contracts/<uuid:pk>/amend/", contract_views.ContractAmend.as_view(), name="contract-amend"),
    path("awards/<uuid:pk>/spending/", spending_views.AwardSpending.as_view(), name="award-spending"),
    path("awards/<uuid:pk>/spending/record/", spending_views.ExpenditureRecord.as_view(), name="expenditure-record"),
    path("awards/<uuid:pk>/spending/import/", import_views.SpendingImport.as_view(), name="expenditure-import"),
    path("awards/<uuid:pk>/spending/template/", import_views.SpendingTemplate.as_view(), name="expenditure-template"),
    path("awards/<uuid:pk>/relays/", relay_views.AwardRelays.as_view(), name="award-relays"),
    path("awards/<uuid:pk>/relays/report/", relay_views.RelayReport.as_view(), name="relay-report"),
    path("relays/<uuid:pk>/slip/", relay_views.RelaySlip.as_view(), name="relay-slip"),
    path("relays/<uuid:pk>/confirm/", relay_views.RelayConfirm.as_view(), name="relay-confirm"),
    path("relays/<uuid:pk>/refuse/", relay_views.RelayRefuse.as_view(), name="relay-refuse"),
    path("relays/<uuid:pk>/withdraw/", relay_views.RelayWithdraw.as_view(), name="relay-withdraw"),
    path("limits/", limit_views.LimitList.as_view(), name="limit-list"),
    path("limits/propose/", limit_views.LimitPropose.as_view(), name="limit-propose"),
    path("limits/<uuid:pk>/confirm/", limit_views.LimitConfirm.as_view(), name="limit-confirm"),
    path("limits/<uuid:pk>/drop/", limit_views.LimitDrop.as_view(), name="limit-drop"),
    path("expenditures/", spending_views.ExpenditureList.as_view(), name="expenditure-list"),
    path("expenditures/accept/", spending_views.ExpenditureBulkAccept.as_view(), name="expenditure-bulk-accept"),
    path("expenditures/<uuid:pk>/", spending_views.ExpenditureDetail.as_view(), name="expenditure-detail"),
    path("expenditures/<uuid:pk>/file/", spending_views.ExpenditureFile.as_view(), name="expenditure-file"),
    path("expenditures/<uuid:pk>/accept/", spending_views.ExpenditureAccept.as_view(), name="expenditure-accept"),
    path("expenditures/<uuid:pk>/refuse/", spending_views.ExpenditureRefuse.as_view(), name="expenditure-refuse"),
    path("expenditures/<uuid:pk>/correct/", spending_views.ExpenditureCorrect.as_view(), name="expenditure-correct"),
    path("recoveries/", recovery_views.RecoveryList.as_view(), name="recovery-list"),
    path("awards/<uuid:pk>/recoveries/open/", recovery_views.RecoveryOpen.as_view(), name="recovery-open"),
    path("recoveries/<uuid:pk>/", recovery_views.RecoveryDetail.as_view(), name="recovery-detail"),
    path("recoveries/<uuid:pk>/approve/", recovery_views.RecoveryApprove.as_view(), name="recovery-approve"),
    path("recoveries/<uuid:pk>/receive/", recovery_views.RecoveryReceive.as_view(), name="recovery-receive"),
    path("recoveries/<uuid:pk>/ask/", recovery_views.RecoveryAsk.as_view(), name="recovery-ask"),
    path("recoveries/<uuid:pk>/decline/", recovery_views.RecoveryDecline.as_view(), name="recovery-decline"),
    path("recoveries/<uuid:pk>/write-off/", recovery_views.RecoveryWriteOff.as_view(), name="recovery-write-off"),
    path("recoveries/<uuid:pk>/stop/", recovery_views.RecoveryStop.as_view(), name="recovery-stop"),
    path(
        "recoveries/<uuid:pk>/receipts/<uuid:receipt>/file/",
        recovery_views.RecoveryFile.as_view(),
        name="recovery-file",
    ),
    path(
        "recoveries/<uuid:pk>/receipts/<uuid:receipt>/reverse/",
        recovery_views.RecoveryReverse.as_view(),
        name="recovery-reverse",
    ),
    path("subsidies/", subsidy_views.SubsidyList.as_view(), name="subsidy-list"),
    path("subsidies/record/", subsidy_views.SubsidyRecord.as_view(), name="subsidy-record"),
    path("subsidies/import/", subsidy_views.SubsidyImport.as_view(), name="subsidy-import"),
    path("subsidies/template/", subsidy_views.SubsidyTemplate.as_view(), name="subsidy-template"),
    path("subsidies/<uuid:pk>/", subsidy_views.SubsidyDetail.as_view(), name="subsidy-detail"),
    path("subsidies/<uuid:pk>/file/", subsidy_views.SubsidyFile.as_view(), name="subsidy-file"),
    path("subsidies/<uuid:pk>/withdraw/", subsidy_views.SubsidyWithdraw.as_view(), name="subsidy-withdraw"),
    path("applications/<uuid:pk>/overlaps/<uuid:subsidy>/", subsidy_views.OverlapJudge.as_view(), name="overlap-judge"),
    path("mine/", money_views.MyFunding.as_view(), name="my-funding"),
]

urlpatterns = [
    *consortium, *calls, *forms, *applications, *similarity, *recommendations, *draws, *boards, *sessions,
    *reviews, *money,
]  # fmt: skip
