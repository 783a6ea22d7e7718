"""Scoredesk: Secure Score improvement actions as ServiceNow tickets, each one followed."""

__version__ = "0.1.0"
