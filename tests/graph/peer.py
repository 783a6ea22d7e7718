"""A Microsoft peer that is a function from request to response, for the tests of the client."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx

from scoredesk.common.addresses import AddressPolicy
from scoredesk.common.http import Wire
from scoredesk.common.retrying import Pauses

GRAPH = "https://graph.microsoft.com"
POLICY = AddressPolicy.trusting(GRAPH, "https://login.microsoftonline.com")


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
    def wire(self) -> Wire:
        """A wire whose other end is this peer; pauses are too short to notice."""
        pauses = Pauses(tries=2, first=0.001, longest=0.01)
        return Wire(policy=POLICY, transport=httpx.MockTransport(self), pauses=pauses)


class Held:
    """A token source that has a token already."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        """The token it was made with."""
        return self._token


def jwt(**claims: Any) -> str:
    """A token with these claims; its signature is nonsense."""
    parts = [{"alg": "none"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([*(part.rstrip("=") for part in encoded), "c2ln"])
