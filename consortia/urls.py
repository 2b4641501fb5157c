"""Addresses of the consortia room."""

from django.urls import URLPattern, path

from consortia.views import forming, lists, pages, participations, public, work

app_name = "consortia"

urlpatterns: list[URLPattern] = [
    path("", lists.ConsortiumList.as_view(), name="consortium-list"),
    path("new/", forming.ConsortiumCreate.as_view(), name="consortium-create"),
    path("public/", public.PublicConsortiumList.as_view(), name="public-consortium-list"),
    path("public/<uuid:pk>/", public.PublicConsortiumDetail.as_view(), name="public-consortium-detail"),
    # --- the pages of one consortium
    path("<uuid:pk>/", pages.ConsortiumDetail.as_view(), name="consortium-detail"),
    path("<uuid:pk>/preparation/", pages.ConsortiumPreparation.as_view(), name="consortium-preparation"),
    path("<uuid:pk>/members/", pages.ConsortiumMembers.as_view(), name="consortium-members"),
    path("<uuid:pk>/technologies/", pages.ConsortiumTechnologies.as_view(), name="consortium-technologies"),
    path("<uuid:pk>/tasks/", pages.ConsortiumTasks.as_view(), name="consortium-tasks"),
    path("<uuid:pk>/outcomes/", pages.ConsortiumOutcomes.as_view(), name="consortium-outcomes"),
    path("<uuid:pk>/agreement/", pages.ConsortiumAgreement.as_view(), name="consortium-agreement"),
    path("<uuid:pk>/history/", pages.ConsortiumHistory.as_view(), name="consortium-history"),
    path("<uuid:pk>/update/", forming.ConsortiumUpdate.as_view(), name="consortium-update"),
    # --- decisions of the bureau
    path("<uuid:pk>/rectify/", forming.ConsortiumRectify.as_view(), name="consortium-rectify"),
    path("<uuid:pk>/resume/", forming.ConsortiumResume.as_view(), name="consortium-resume"),
    path("<uuid:pk>/graduate/", forming.ConsortiumGraduate.as_view(), name="consortium-graduate"),
    path("<uuid:pk>/exit/", forming.ConsortiumExit.as_view(), name="consortium-exit"),
    path("<uuid:pk>/revoke/", forming.ConsortiumRevoke.as_view(), name="consortium-revoke"),
    # --- members
    path("<uuid:pk>/invite/", participations.MemberFind.as_view(), name="member-find"),
    path("<uuid:pk>/invite/new/", participations.ParticipationInviteNew.as_view(), name="participation-invite-new"),
    path(
        "<uuid:pk>/invite/<uuid:organisation>/",
        participations.ParticipationInvite.as_view(),
        name="participation-invite",
    ),
    path("participations/<uuid:pk>/", participations.ParticipationDetail.as_view(), name="participation-detail"),
    path(
        "participations/<uuid:pk>/confirm/", participations.ParticipationConfirm.as_view(), name="participation-confirm"
    ),
    path(
        "participations/<uuid:pk>/decline/", participations.ParticipationDecline.as_view(), name="participation-decline"
    ),
    path("participations/<uuid:pk>/sign/", participations.AgreementSign.as_view(), name="agreement-sign"),
    path("participations/<uuid:pk>/revise/", participations.ParticipationRevise.as_view(), name="participation-revise"),
    path("participations/<uuid:pk>/leave/", participations.ParticipationLeave.as_view(), name="participation-leave"),
    # --- the agreement
    path("<uuid:pk>/agreement/draft/", forming.AgreementDraft.as_view(), name="agreement-draft"),
    path("agreements/<uuid:pk>/", pages.AgreementDetail.as_view(), name="agreement-detail"),
    # --- technologies and tasks
    path("<uuid:pk>/technologies/add/", work.TechnologyAdd.as_view(), name="technology-add"),
    path("technologies/<uuid:pk>/update/", work.TechnologyUpdate.as_view(), name="technology-update"),
    path("technologies/<uuid:pk>/remove/", work.TechnologyRemove.as_view(), name="technology-remove"),
    path(
        "technologies/<uuid:pk>/readiness/",
        work.TechnologyRecordReadiness.as_view(),
        name="technology-record-readiness",
    ),
    path("<uuid:pk>/tasks/add/", work.TaskAdd.as_view(), name="task-add"),
    path("tasks/<uuid:pk>/update/", work.TaskUpdate.as_view(), name="task-update"),
    path("tasks/<uuid:pk>/remove/", work.TaskRemove.as_view(), name="task-remove"),
    path("tasks/<uuid:pk>/milestones/add/", work.MilestoneAdd.as_view(), name="milestone-add"),
    path("milestones/<uuid:pk>/update/", work.MilestoneUpdate.as_view(), name="milestone-update"),
    path("milestones/<uuid:pk>/remove/", work.MilestoneRemove.as_view(), name="milestone-remove"),
    path("milestones/<uuid:pk>/reach/", work.MilestoneReach.as_view(), name="milestone-reach"),
    path("milestones/<uuid:pk>/miss/", work.MilestoneMiss.as_view(), name="milestone-miss"),
    # --- results
    path("<uuid:pk>/outcomes/add/", work.OutcomeAdd.as_view(), name="outcome-add"),
    path("outcomes/<uuid:pk>/update/", work.OutcomeUpdate.as_view(), name="outcome-update"),
    path("outcomes/<uuid:pk>/remove/", work.OutcomeRemove.as_view(), name="outcome-remove"),
    path("<uuid:pk>/platforms/add/", work.PlatformAdd.as_view(), name="platform-add"),
    path("platforms/<uuid:pk>/update/", work.PlatformUpdate.as_view(), name="platform-update"),
    path("platforms/<uuid:pk>/remove/", work.PlatformRemove.as_view(), name="platform-remove"),
    path("<uuid:pk>/funds/add/", work.FundAdd.as_view(), name="fund-add"),
    path("funds/<uuid:pk>/update/", work.FundUpdate.as_view(), name="fund-update"),
    path("funds/<uuid:pk>/remove/", work.FundRemove.as_view(), name="fund-remove"),
]
