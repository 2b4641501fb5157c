"""Addresses of contracts and what hangs on them: parties, amendments, acceptance, termination."""

from django.urls import URLPattern, path

from funding.views import amendments as amendment_views
from funding.views import contracts as contract_views
from funding.views import endings as ending_views

urlpatterns: list[URLPattern] = [
    path("contracts/<uuid:pk>/", contract_views.ContractDetail.as_view(), name="contract-detail"),
    path("contracts/<uuid:pk>/edit/<slug:part>/", contract_views.ContractEdit.as_view(), name="contract-edit"),
    path("contracts/<uuid:pk>/offer/", contract_views.ContractOffer.as_view(), name="contract-offer"),
    path("contracts/<uuid:pk>/confirm/", contract_views.ContractConfirm.as_view(), name="contract-confirm"),
    path("contracts/<uuid:pk>/return/", contract_views.ContractReturn.as_view(), name="contract-return"),
    path("contracts/<uuid:pk>/readiness/", contract_views.ContractReadiness.as_view(), name="contract-readiness"),
    path(
        "contracts/<uuid:pk>/amend/<slug:kind>/", amendment_views.AmendmentPropose.as_view(), name="amendment-propose"
    ),
    path("amendments/", amendment_views.AmendmentList.as_view(), name="amendment-list"),
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
]
