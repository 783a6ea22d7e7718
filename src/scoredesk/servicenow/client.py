"""The client for one ServiceNow instance: reads and writes of the Table API (servicenow-api 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeAlias

import httpx

from scoredesk.common.http import Wire, build_client, network_trouble
from scoredesk.common.retrying import ONCE, retrying
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.classify import WRITING, classify, from_network, payload, rate_rule
from scoredesk.servicenow.query import Query
from scoredesk.servicenow.records import Choice, InstanceUser, RateRule, Record, group_of
from scoredesk.servicenow.vocabulary import USER_FIELDS, Table

# Inside the class, `list` is the method.
Records: TypeAlias = list[Record]
Choices: TypeAlias = list[Choice]

PAGE_SIZE = 100
_CHOICE_FIELDS = (
    "name",
    "element",
    "label",
    "value",
    "language",
    "inactive",
    "sequence",
    "dependent_value",
)
# Rows asked for where the number is small by nature; the instance's own default is 10000.
_USUAL_LIMIT = 1000
_MOST_CHOICES = 5000
_READING = {
    "sysparm_display_value": "all",
    "sysparm_exclude_reference_link": "true",
    # A long query comes back in the Link header and overflows it (2.3).
    "sysparm_suppress_pagination_header": "true",
}


class ServiceNow:
    """One instance, as the user whom the token belongs to.

    `base_url`: the instance, without a path. `token`: gives a valid access token for each request.
    `on_unauthorized`: called once after a 401; renews and returns a token with which the request
    is sent a second time (a 401 is given before anything is done, so writes too). Reads are
    repeated with the wire's pauses, writes never: the caller must look before sending again.

    Every call raises ServiceNowError (or AddressError from the wire's policy).
    """

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str],
        *,
        wire: Wire | None = None,
        on_unauthorized: Callable[[], str] | None = None,
    ) -> None:
        self._wire = wire or Wire()
        self._token = token
        self._renew = on_unauthorized
        self._client = build_client(base_url, self._wire)
        # The tightest rule that a reply told of; None while none applied to us.
        self.rate_rule: RateRule | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def whoami(self) -> InstanceUser:
        """The user whom the token belongs to, as the instance sees it (1.12 B).

        Raises NotFound if the instance does not show us our own user.
        """
        found = self.list(Table.USER, Query().caller("sys_id"), USER_FIELDS, limit=1)
        if not found or not found[0].value("user_name"):
            raise e.NotFound("The instance shows no user for this token.")
        return InstanceUser.of(found[0])

    def list(
        self, table: str, query: Query, fields: Sequence[str], *, limit: int = _USUAL_LIMIT
    ) -> Records:
        """Up to `limit` records. May be fewer than exist: rows we may not see count against it.

        An unknown field in the query is dropped by the instance, and an unknown one in `fields`
        is left out of the records: check what matters on what came back.
        """
        parameters = {**_READING, "sysparm_limit": str(limit), "sysparm_no_count": "true"}
        if query:
            parameters["sysparm_query"] = str(query)
        if fields:
            parameters["sysparm_fields"] = ",".join(fields)
        result = self._call("GET", f"/api/now/table/{table}", parameters)
        if not isinstance(result, list):
            raise e.LostAnswer("A list was asked for.", facts={"kind": "unreadable"})
        return [Record(row, table) for row in result if isinstance(row, Mapping)]

    def read(self, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        """The `result` of an address of another API or of an app; nothing is known of its shape.

        Raises NoSuchResource where the instance has no such address.
        """
        return self._call("GET", path, dict(parameters or {}))

    def pages(
        self, table: str, query: Query, fields: Sequence[str], *, page_size: int = PAGE_SIZE
    ) -> Iterator[Records]:
        """All records, page by page, in the order of sys_id (keyset, so nothing slides; 2.6).

        `query` must hold no order of its own. A page without rows ends it: rows that we may not
        see count against a page's size, so a short page is no end (9.7).
        """
        wanted = [*fields, "sys_id"] if fields and "sys_id" not in fields else fields
        last = ""
        while True:
            step = query.each_group("sys_id", ">", last) if last else query
            page = self.list(table, step.order_by("sys_id"), wanted, limit=page_size)
            if not page:
                return
            yield page
            newest = page[-1].sys_id
            if newest <= last:
                raise e.ServiceNowError("The instance does not order by sys_id.")
            last = newest

    def get(self, table: str, sys_id: str, fields: Sequence[str] = ()) -> Record:
        """One record. Raises NotFound if it is deleted or hidden."""
        parameters = dict(_READING)
        if fields:
            parameters["sysparm_fields"] = ",".join(fields)
        return self._record("GET", f"/api/now/table/{table}/{sys_id}", parameters)

    def find_by_correlation(
        self, table: str, correlation_id: str, fields: Sequence[str] = ()
    ) -> Records:
        """The records with this correlation id, oldest first; mostly none or one.

        Each is checked here again: an instance that does not know the field drops the term and
        returns everything (3.4). Raises ValueError for an empty id, QueryRefused if the field may
        not be read, because then nothing can be concluded.
        """
        if not correlation_id:
            raise ValueError("an empty correlation id would match every record")
        wanted = (*fields, "correlation_id", "sys_id") if fields else ()
        query = Query().where("correlation_id", "=", correlation_id)
        found = self.list(table, query.order_by("sys_created_on", "sys_id"), wanted)
        if any("correlation_id" not in record for record in found):
            raise e.QueryRefused("correlation_id cannot be read.")
        return [record for record in found if record.value("correlation_id") == correlation_id]

    def insert(self, table: str, values: Mapping[str, str]) -> Record:
        """Create a record; returns it as the instance stored it, computed fields included (2.5).

        Values are strings: raw values, dates in UTC. Never repeated here: look at the error's
        `maybe_done` first.
        """
        return self._record("POST", f"/api/now/table/{table}", dict(_READING), values)

    def update(self, table: str, sys_id: str, values: Mapping[str, str]) -> Record:
        """Change the given fields of a record; returns it as stored. A journal field appends."""
        return self._record("PATCH", f"/api/now/table/{table}/{sys_id}", dict(_READING), values)

    def choice_rows(
        self, tables: Sequence[str], elements: Sequence[str], languages: Sequence[str]
    ) -> Choices:
        """All choices of these fields in one request, those inherited from task among them, in
        the instance's order; pick a field's own with `records.own_choices`. May be empty for want
        of rights."""
        query = Query().in_list("name", [*tables, "task"]).in_list("element", elements)
        query = query.in_list("language", languages).order_by("sequence", "value")
        found = self.list(Table.CHOICE, query, _CHOICE_FIELDS, limit=_MOST_CHOICES)
        return [Choice.of(record) for record in found]

    def counts(self, table: str, field: str, query: Query | None = None) -> dict[str, int]:
        """How many records have each value of a field (servicenow-api 5.2)."""
        parameters = {"sysparm_count": "true", "sysparm_group_by": field}
        if query:
            parameters["sysparm_query"] = str(query)
        result = self._call("GET", f"/api/now/stats/{table}", parameters)
        rows = result if isinstance(result, list) else []
        return dict(group for row in rows if (group := group_of(row, field)) is not None)

    def _record(
        self,
        method: str,
        path: str,
        parameters: dict[str, str],
        values: Mapping[str, str] | None = None,
    ) -> Record:
        result = self._call(method, path, parameters, values)
        if not isinstance(result, Mapping):
            raise e.LostAnswer(
                "A record was asked for.",
                facts={"kind": "unreadable"},
                maybe_done=method in WRITING,
            )
        return Record(result, path.split("/")[4])

    def _call(
        self,
        method: str,
        path: str,
        parameters: dict[str, str],
        values: Mapping[str, str] | None = None,
    ) -> Any:
        build = partial(
            self._client.build_request,
            method,
            path,
            params=parameters,
            json=dict(values) if values is not None else None,
        )
        pauses = ONCE if method in WRITING else self._wire.pauses
        return retrying(lambda: self._send(build), pauses)

    def _send(self, build: Callable[..., httpx.Request]) -> Any:
        try:
            return self._try(build, self._token())
        except e.Unauthorized:
            if self._renew is None:
                raise
        fresh = self._renew()
        try:
            return self._try(build, fresh)
        except e.Unauthorized as refused:
            raise _of_fresh_token(refused) from refused

    def _try(self, build: Callable[..., httpx.Request], token: str) -> Any:
        request = build(headers={"Authorization": f"Bearer {token}"})
        with self._wire.telling():
            try:
                response = self._client.send(request)
            except httpx.TransportError as lost:
                raise from_network(network_trouble(lost), method=request.method) from lost
            self._note(rate_rule(response))
            fault = classify(response, method=request.method)
            if fault is not None:
                raise fault
        return (payload(response) or {}).get("result")

    def _note(self, rule: RateRule | None) -> None:
        if rule and (self.rate_rule is None or rule.limit < self.rate_rule.limit):
            self.rate_rule = rule


def _of_fresh_token(refused: e.Unauthorized) -> e.Unauthorized:
    """A plain 401 for a token that was given seconds ago is no matter of the token."""
    if type(refused) is not e.Unauthorized:
        return refused
    named = e.FreshTokenRefused(refused.detail)
    named.status = refused.status
    return named
