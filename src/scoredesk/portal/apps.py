"""Django's name for this room."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `scoredesk.portal`."""

    name = "scoredesk.portal"

    def ready(self) -> None:
        """Has the check of connections know what this room knows; only now there are models."""
        import_module("scoredesk.portal.known")
