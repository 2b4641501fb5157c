"""Addresses of review and decision: draws, boards, sessions, scoring, notices, objections."""

from django.urls import URLPattern, path

from funding.views import assignments as assignment_views
from funding.views import boards as board_views
from funding.views import calibration as calibration_views
from funding.views import decisions as decision_views
from funding.views import disputes as dispute_views
from funding.views import draws as draw_views
from funding.views import experts as expert_views
from funding.views import invitations as invitation_views
from funding.views import meetings as meeting_views
from funding.views import moved_sessions as move_views
from funding.views import notices as notice_views
from funding.views import outcomes as outcome_views
from funding.views import panels as panel_views
from funding.views import previews as preview_views
from funding.views import recusals as recusal_views
from funding.views import reviews as review_views
from funding.views import scenarios as scenario_views
from funding.views import score_workbooks as score_workbook_views
from funding.views import scoring as scoring_views
from funding.views import separation as separation_views
from funding.views import sessions as session_views

urlpatterns: list[URLPattern] = [
    # --- draws of experts ----------------------------------------------------------------------
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
    # --- the tier board ------------------------------------------------------------------------
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
    # --- defences and site visits --------------------------------------------------------------
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
    # --- reviews and decision ------------------------------------------------------------------
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
