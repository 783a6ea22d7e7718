"""Scoredesk: Secure Score improvement actions as ServiceNow tickets, followed until the score proves the fix."""

__version__ = "0.1.0"
