"""Switches of the way to the instance (servicenow-api 1.12, 4)."""

from scoredesk.sandbox.switches import Switch

NETWORK_SWITCHES: dict[str, Switch] = {}
