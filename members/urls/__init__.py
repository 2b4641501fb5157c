"""Addresses of the members room."""

from django.urls import URLPattern, path

from members.views import account, consoles, organisations, people, personal, proposals, registration, reveals

app_name = "members"

urlpatterns: list[URLPattern] = [
    path("register/", registration.Register.as_view(), name="register"),
    path("invitations/<str:token>/", registration.InvitationAccept.as_view(), name="invitation-accept"),
    path("invitations/<uuid:pk>/withdraw/", people.InvitationWithdraw.as_view(), name="invitation-withdraw"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/own/", organisations.OrganisationOwn.as_view(), name="organisation-own"),
    path("organisations/<uuid:pk>/", organisations.OrganisationDetail.as_view(), name="organisation-detail"),
    path("organisations/<uuid:pk>/update/", organisations.OrganisationUpdate.as_view(), name="organisation-update"),
    path("organisations/<uuid:pk>/years/record/", organisations.YearRecord.as_view(), name="year-record"),
    path(
        "organisations/<uuid:pk>/colleagues/invite/", organisations.ColleagueInvite.as_view(), name="colleague-invite"
    ),
    path(
        "organisations/<uuid:pk>/colleagues/<uuid:user>/grant/",
        organisations.ColleagueGrant.as_view(),
        name="colleague-grant",
    ),
    path("grants/<uuid:pk>/revoke/", people.GrantRevoke.as_view(), name="grant-revoke"),
    path("roles/", people.RoleList.as_view(), name="role-list"),
    path("people/", people.UserList.as_view(), name="user-list"),
    path("people/create/", people.UserCreate.as_view(), name="user-create"),
    path("people/<uuid:pk>/", people.UserDetail.as_view(), name="user-detail"),
    path("people/<uuid:pk>/grant/", people.RoleGrantCreate.as_view(), name="role-grant"),
    path("people/<uuid:pk>/deactivate/", people.UserDeactivate.as_view(), name="user-deactivate"),
    path("people/<uuid:pk>/reactivate/", people.UserReactivate.as_view(), name="user-reactivate"),
    path("people/<uuid:pk>/phone/reveal/", reveals.PhoneReveal.as_view(), name="phone-reveal"),
    path("organisations/<uuid:pk>/payee/update/", personal.PayeeUpdate.as_view(), name="payee-update"),
    path("organisations/<uuid:pk>/payee/reveal/", reveals.PayeeReveal.as_view(), name="payee-reveal"),
    path("experts/own/fees/update/", personal.FeesUpdate.as_view(), name="fees-update"),
    path("experts/own/fees/remove/", personal.FeesRemove.as_view(), name="fees-remove"),
    path("experts/<uuid:pk>/fees/reveal/", reveals.FeesReveal.as_view(), name="fees-reveal"),
    path("data/own/", personal.DataOwn.as_view(), name="data-own"),
    path("data/own/copy/", personal.DataCopy.as_view(), name="data-copy"),
    path("data/own/phone/update/", personal.PhoneUpdate.as_view(), name="phone-update"),
    path("corrections/", personal.CorrectionList.as_view(), name="correction-list"),
    path("corrections/request/", personal.CorrectionRequestCreate.as_view(), name="correction-request"),
    path("corrections/<uuid:pk>/", personal.CorrectionDetail.as_view(), name="correction-detail"),
    path("corrections/<uuid:pk>/answer/", personal.CorrectionAnswer.as_view(), name="correction-answer"),
    path("privacy/", personal.PrivacyNotice.as_view(), name="privacy-notice"),
    path("privacy/accept/", personal.PrivacyAccept.as_view(), name="privacy-accept"),
    path("system/", consoles.SystemConsole.as_view(), name="system-console"),
    path("security/", consoles.SecurityConsole.as_view(), name="security-console"),
    path("audit/", consoles.AuditConsole.as_view(), name="audit-console"),
    path("proposals/<uuid:pk>/confirm/", proposals.ProposalConfirm.as_view(), name="proposal-confirm"),
    path("proposals/<uuid:pk>/decline/", proposals.ProposalDecline.as_view(), name="proposal-decline"),
    path("locks/<uuid:pk>/release/", proposals.LockRelease.as_view(), name="lock-release"),
    path("account/sessions/", account.SessionList.as_view(), name="session-list"),
    path("account/sessions/others/end/", account.SessionEndOthers.as_view(), name="session-end-others"),
    path("account/sessions/<int:pk>/end/", account.SessionEnd.as_view(), name="session-end"),
    path("account/email/", account.EmailChangeStart.as_view(), name="email-change"),
    path("account/email/<str:token>/", account.EmailConfirm.as_view(), name="email-confirm"),
    path("experts/", people.ExpertList.as_view(), name="expert-list"),
]
