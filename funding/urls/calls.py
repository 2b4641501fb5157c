"""Addresses of calls, their questions, designs and rehearsals."""

from django.urls import URLPattern, path

from funding.views import calls as call_views
from funding.views import design_parts as part_views
from funding.views import designs as design_views
from funding.views import documents as document_views
from funding.views import drafts as draft_views
from funding.views import forecasts as forecast_views
from funding.views import questions as question_views
from funding.views import rehearsals as rehearsal_views

urlpatterns: list[URLPattern] = [
    # --- calls --------------------------------------------------------------------------------
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
    # --- designed forms ------------------------------------------------------------------------
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
