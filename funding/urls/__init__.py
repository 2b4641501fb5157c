"""Addresses of the funding room."""

from funding.urls import applications, calls, contracts, money, reviews

app_name = "funding"
urlpatterns = [
    *calls.urlpatterns,
    *applications.urlpatterns,
    *reviews.urlpatterns,
    *contracts.urlpatterns,
    *money.urlpatterns,
]
