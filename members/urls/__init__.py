"""Addresses of the members room."""

from django.urls import URLPattern, path

from members.views import organisations, people, registration

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
    path("experts/", people.ExpertList.as_view(), name="expert-list"),
]
