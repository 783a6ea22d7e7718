"""A stand-in for Microsoft Graph's Secure Score and for the Entra token endpoint in front of it."""

from scoredesk.sandbox.microsoft.routes import create_app

__all__ = ["create_app"]
