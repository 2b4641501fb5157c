"""The read API: one router over the rooms' viewsets."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

import consortia.api
import funding.api
import reports.api

app_name = "api"

router = SimpleRouter()
for room in (consortia.api, funding.api, reports.api):
    for prefix, viewset, basename in room.ROUTES:
        router.register(prefix, viewset, basename=basename)

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
]
