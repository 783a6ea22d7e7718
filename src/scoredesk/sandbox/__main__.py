"""`python -m scoredesk.sandbox`: the sandbox without the rest of the product."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scoredesk.sandbox.program import run


def main() -> None:
    """Read the options and serve until stopped; exit status 1 if a port is in use."""
    options = argparse.ArgumentParser(
        prog="python -m scoredesk.sandbox",
        description="A stand-in ServiceNow instance and a stand-in Microsoft Graph.",
    )
    options.add_argument("--servicenow-port", type=int, default=8081)
    options.add_argument("--microsoft-port", type=int, default=8082)
    options.add_argument("--data", type=Path, help="SQLite file that keeps the state")
    options.add_argument("--profiles", type=Path, help="captured secureScoreControlProfiles")
    options.add_argument("--scores", type=Path, help="captured secureScores")
    asked = options.parse_args()
    try:
        run(
            servicenow_port=asked.servicenow_port,
            microsoft_port=asked.microsoft_port,
            data=asked.data,
            profiles=asked.profiles,
            scores=asked.scores,
        )
    except OSError as error:
        sys.exit(f"The sandbox cannot start: {error.strerror or error}.")


if __name__ == "__main__":
    main()
