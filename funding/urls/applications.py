"""Addresses of applications, from the draft to the recommendation."""

from django.urls import URLPattern, path

from funding.views import answers as answer_views
from funding.views import applications as application_views
from funding.views import autosave as autosave_views
from funding.views import avoidances as avoidance_views
from funding.views import budget as budget_views
from funding.views import checks as check_views
from funding.views import clearing as credit_views
from funding.views import consortium as consortium_views
from funding.views import drafts as draft_views
from funding.views import previews as preview_views
from funding.views import recommendations as recommendation_views
from funding.views import sections as section_views
from funding.views import similarity as similarity_views
from funding.views import workbooks as workbook_views

urlpatterns: list[URLPattern] = [
    # --- the page of a consortium --------------------------------------------------------------
    path("consortia/<uuid:pk>/", consortium_views.ConsortiumMoney.as_view(), name="consortium-money"),
    # --- applications --------------------------------------------------------------------------
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
    path("applications/<uuid:pk>/similarity/", similarity_views.SimilarityDetail.as_view(), name="similarity-detail"),
    path(
        "applications/<uuid:pk>/similarity/check/", similarity_views.SimilarityCheck.as_view(), name="similarity-check"
    ),
    path("similarity/<uuid:pk>/", similarity_views.SimilarityFindingDetail.as_view(), name="similarity-finding"),
    path("similarity/<uuid:pk>/judge/", similarity_views.SimilarityJudge.as_view(), name="similarity-judge"),
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
