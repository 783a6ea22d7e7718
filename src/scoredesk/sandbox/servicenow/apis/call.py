"""One authenticated request to the API."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Caller, Instance


@dataclass(frozen=True)
class Call:
    """Which instance is asked, by whom, and what."""

    instance: Instance
    caller: Caller
    request: Request

    @property
    def base_url(self) -> str:
        """Scheme and host as the caller addressed them; links in replies start so."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    @property
    def table_url(self) -> str:
        """Where links of the Table API lead: in the version that was asked, or without one."""
        version = self.request.path_params.get("version", "")
        return f"{self.base_url}/api/now/{version}{'/' if version else ''}table"

    def asks(self, parameter: str) -> bool:
        """Whether a yes-or-no parameter is set; `True` counts too, which pysnow sends."""
        return self.request.query_params.get(parameter, "").lower() == "true"


def unknown_address(instance: Instance, path: str) -> errors.Refusal:
    """501 by default; switched to 400 or 404 it is what real instances say (servicenow-api 14)."""
    status = str(instance.switch("unknown_path"))
    if status == "501":
        return errors.not_simulated(path)
    return errors.no_such_resource(int(status))
