"""The public directory: published consortia, and of each only the open part."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from consortia.charts import district_picture
from consortia.filters import PublicFilter, PublicPlatformFilter
from consortia.models import Consortium, DirectRecognition
from consortia.selectors import for_list, mixes, published_by_district, with_mixes
from consortia.selectors.life import public_life
from consortia.selectors.platforms import public_platforms
from consortia.selectors.sevenones import public_seven
from portal.kernel.views import ListView


@method_decorator(login_not_required, name="dispatch")
class PublicConsortiumList(ListView):
    """Search, filters, and the diagram of districts."""

    model = Consortium
    template_name = "consortia/public_consortium_list.html"
    filterset_class = PublicFilter
    sorts = ("code", "recognised_on")
    default_sort = "-recognised_on"
    page_size = 20

    def get_queryset(self) -> QuerySet[Any]:
        return for_list(Consortium.objects.published())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        with_mixes(context["rows"])
        districts = published_by_district()
        address = reverse("consortia:public-consortium-list")
        chosen = self.request.GET.get("district", "")
        return context | {"map": district_picture(districts, chosen=chosen, address=address) if districts else ""}


@method_decorator(login_not_required, name="dispatch")
class PublicConsortiumDetail(DetailView[Consortium]):
    """The open part of one consortium."""

    template_name = "consortia/public_consortium_detail.html"

    def get_queryset(self) -> QuerySet[Consortium]:
        return Consortium.objects.published().select_related("lead", "sub_field", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mix = mixes([self.object])[self.object.pk]
        seven = public_seven(self.object.pk)
        platforms = public_platforms().filter(platform__consortium=self.object).order_by("-valid_from", "id")
        return super().get_context_data(
            mix=mix, life=public_life(self.object), seven=seven, platforms=platforms, **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class PublicPlatformList(ListView):
    """The platforms that were recognised directly and published."""

    model = DirectRecognition
    template_name = "consortia/public_platform_list.html"
    filterset_class = PublicPlatformFilter
    sorts = ("valid_from", "valid_until")
    default_sort = "-valid_from"
    page_size = 20

    def get_queryset(self) -> QuerySet[DirectRecognition]:
        return public_platforms()
