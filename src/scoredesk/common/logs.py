"""Log lines as JSON, one event a line, with secrets taken out of every field."""

from __future__ import annotations

from typing import Any

from pythonjsonlogger.json import JsonFormatter

from scoredesk.common.redaction import redact_text

# Longer than any trace of ours; what follows would cost more to search than it tells.
_LONGEST = 50_000


class JsonLines(JsonFormatter):
    """A line per event. Library code logs what it likes: Django adds the whole request, whose
    text holds the address with an OAuth answer's code; a trace may quote a peer's answer."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Every text redacted, and the request as its method only: the path is in the message."""
        request = log_data.pop("request", None)
        if request is not None:
            log_data["method"] = str(getattr(request, "method", ""))
        return {
            name: redact_text(value[:_LONGEST]) if isinstance(value, str) else value
            for name, value in log_data.items()
        }
