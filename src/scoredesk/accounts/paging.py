"""Tables page by page, with a page's size decided here and not by the address."""

from __future__ import annotations

from django.http import HttpRequest
from django_tables2 import RequestConfig, Table


def paged(request: HttpRequest, table: Table, per_page: int) -> None:
    """Sorts `table` as the address asks and shows the page that it asks for.

    django-tables2 itself also takes `per_page` from the address: one request could then ask for
    every row of a tenant, and a negative number ended in a server error.
    """
    RequestConfig(request, paginate=False).configure(table)
    table.paginate(per_page=per_page)
    table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field, 1))
