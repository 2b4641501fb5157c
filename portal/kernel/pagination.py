"""How the API pages; apart from portal.kernel.api, because the settings of the REST framework name it."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Pages by key over `created_at`; 50 rows unless `size` says otherwise."""

    ordering = ("-created_at", "-id")
    page_size_query_param = "size"
    max_page_size = 200
