"""Every address of the portal."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from members.views.signin import DemoSignIn
from portal.kernel import health, metrics
from portal.kernel.styleguide import Styleguide
from portal.kernel.views_columns import ColumnsChoose
from portal.kernel.views_notifications import NoticeChoices, NotificationList, NotificationOpen, NotificationsRead
from portal.kernel.views_saved_filters import FilterAlert, FilterRemove, FilterSave
from portal.palette import Palette
from reports.views.public import PublicHome
from reports.views.workbench import Workbench

urlpatterns: list[URLPattern | URLResolver] = [
    path("", PublicHome.as_view(), name="public-home"),
    path("workbench/", Workbench.as_view(), name="home"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("notifications/", NotificationList.as_view(), name="notifications"),
    path("notifications/read/", NotificationsRead.as_view(), name="notifications-read"),
    path("notifications/choices/", NoticeChoices.as_view(), name="notice-choices"),
    path("notifications/<uuid:pk>/", NotificationOpen.as_view(), name="notification-open"),
    path("palette/", Palette.as_view(), name="palette"),
    path("columns/<str:page>/", ColumnsChoose.as_view(), name="columns-choose"),
    path("filters/<str:page>/save/", FilterSave.as_view(), name="filter-save"),
    path("filters/<uuid:pk>/alert/<slug:wanted>/", FilterAlert.as_view(), name="filter-alert"),
    path("filters/<uuid:pk>/remove/", FilterRemove.as_view(), name="filter-remove"),
    path("account/", include("members.urls.account")),
    path("members/", include("members.urls")),
    path("consortia/", include("consortia.urls")),
    path("funding/", include("funding.urls")),
    path("reports/", include("reports.urls")),
    path("api/v1/", include("portal.api_urls")),
]

if settings.DEMO:
    urlpatterns += [path("demo/", DemoSignIn.as_view(), name="demo")]

if settings.STYLEGUIDE:
    urlpatterns += [path("_ui/", Styleguide.as_view(), name="styleguide")]

handler400 = "portal.kernel.errors.bad_request"
handler403 = "portal.kernel.errors.forbidden"
handler404 = "portal.kernel.errors.not_found"
handler500 = "portal.kernel.errors.server_error"
