"""A ServiceNow peer that is a function from request to response, for the tests of the client."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from scoredesk.common.http import Wire
from scoredesk.common.retrying import Pauses
from scoredesk.servicenow import ServiceNow

URL = "https://acme.service-now.com"
Peer = Callable[[httpx.Request], httpx.Response]


def wire_to(peer: Peer) -> Wire:
    """A wire whose other end is `peer`; pauses are too short to notice."""
    pauses = Pauses(tries=3, first=0.001, longest=0.002)
    return Wire(transport=httpx.MockTransport(peer), pauses=pauses)


def client_of(peer: Peer) -> ServiceNow:
    """A client signed in to `peer`."""
    return ServiceNow(URL, lambda: "tok", wire=wire_to(peer))


def result(value: object, status: int = 200) -> httpx.Response:
    """A success of the Table API."""
    return httpx.Response(status, json={"result": value})


class Script:
    """A peer that gives its answers in turn (an exception is raised) and keeps the requests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def last(self) -> httpx.Request:
        """The newest request."""
        return self.requests[-1]
