"""How the tests reach the sandbox with pysnc."""

from __future__ import annotations

from typing import Any

from pysnc import GlideRecord, ServiceNowClient

ADMIN = ("admin", "admin")
INTEGRATION = ("scoredesk.integration", "integration")


def connect(host: str, auth: Any = ADMIN, **options: Any) -> ServiceNowClient:
    """A client over plain HTTP: pysnc refuses `http://` but not the same scheme in capitals."""
    return ServiceNowClient(f"HTTP://{host}", auth, **options)


def made(client: ServiceNowClient, table: str = "incident", **fields: str) -> GlideRecord:
    """A record that pysnc has just inserted."""
    record = client.GlideRecord(table)
    record.initialize()
    for name, value in {"short_description": "Made by pysnc", **fields}.items():
        record.set_value(name, value)
    assert record.insert()
    return record
