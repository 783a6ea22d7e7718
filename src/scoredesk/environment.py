"""Every setting of Scoredesk, typed, with its default and its meaning.

Read from environment variables (`SCOREDESK_…`), from `.env` in the working folder, or from files
named after the variable in the folder that `SCOREDESK_SETTINGS_FOLDER` names (container secrets).
`docs/settings.md` holds the same table; a test keeps both equal.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SCOREDESK_"


class Environment(BaseSettings):
    """The settings as read at start; a wrong value stops the start with its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        extra="ignore",
        secrets_dir=os.environ.get("SCOREDESK_SETTINGS_FOLDER"),
    )

    var: Path = Field(Path("var"), description="Folder for the embedded database and for keys.")
    database_url: str = Field(
        "",
        repr=False,
        validation_alias="DATABASE_URL",
        description="A PostgreSQL server to use instead of the embedded one.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The portal's own address, as people and ServiceNow see it.",
    )
    secret_key: str = Field(
        "", repr=False, description="Signs sessions. Empty: made once and kept in the var folder."
    )
    encryption_keys: str = Field(
        "",
        repr=False,
        description="Fernet keys for secrets at rest, newest first, separated by commas. "
        "Empty: made once and kept in the var folder.",
    )
    debug: bool = Field(False, description="Django's debug pages. Never on a machine others reach.")
    instance_hosts: str = Field(
        "*.service-now.com",
        description="Hosts that a ServiceNow instance may have, separated by commas.",
    )
    private_instance_hosts: str = Field(
        "",
        description="Hosts (with port) that may be private or without https. For the sandbox only.",
    )
    outgoing_addresses: str = Field(
        "",
        description=(
            "Public addresses that the portal's requests come from, separated by commas: what an "
            "IP filter of ServiceNow must let in. Shown in cures; empty: the machine's own address."
        ),
    )
    graph_url: str = Field(
        "https://graph.microsoft.com", description="Where Microsoft Graph answers."
    )
    login_url: str = Field(
        "https://login.microsoftonline.com", description="Where Microsoft Entra ID gives tokens."
    )
    refresh_at: str = Field("30 5 * * *", description="When Secure Score is refreshed (cron, UTC).")
    track_seconds: int = Field(
        30, ge=5, le=3600, description="Pause between two looks at ServiceNow's changes."
    )
    track_overlap_seconds: int = Field(
        120, ge=0, le=3600, description="How far each look reads back for late commits."
    )
    http_timeout_seconds: float = Field(
        30.0, gt=0, le=120, description="Longest wait for an answer from Microsoft or ServiceNow."
    )
    page_timeout_seconds: float = Field(
        8.0, gt=0, le=30, description="The same while a person waits for a page."
    )
    worker_concurrency: int = Field(4, ge=1, le=64, description="Jobs a worker runs side by side.")
    session_hours: int = Field(
        12,
        ge=1,
        le=24 * 14,
        description="Hours after signing in until a person signs in again, however active.",
    )
    metrics_token: str = Field(
        "",
        repr=False,
        description="Bearer token for /metrics. Empty: answered to this machine only.",
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="Reverse proxies in front of the portal whose headers are believed.",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    email_url: str = Field(
        "console://",
        repr=False,
        description="Mail server: smtp://user:password@host:port, smtps://… or console://.",
    )
    email_from: str = Field("scoredesk@localhost", description="Sender of e-mails.")

    @property
    def instance_host_patterns(self) -> list[str]:
        """The allow list of instance hosts."""
        return _listed(self.instance_hosts)

    @property
    def private_hosts(self) -> list[str]:
        """Hosts that may be private and without https."""
        return _listed(self.private_instance_hosts)

    @property
    def outgoing(self) -> list[str]:
        """The public addresses that our requests come from, as far as the operator says."""
        return _listed(self.outgoing_addresses)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings, read once.

    Raises SystemExit with one clear line per wrong setting.
    """
    try:
        return Environment()
    except ValidationError as fault:
        lines = [
            f"Setting {PREFIX}{'.'.join(map(str, error['loc'])).upper()} is wrong: {error['msg']}."
            for error in fault.errors()
        ]
        raise SystemExit("\n".join([*lines, "See docs/settings.md."])) from fault
