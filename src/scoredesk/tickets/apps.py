"""Django's name for this room."""

from importlib import import_module

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """The app `scoredesk.tickets`."""

    name = "scoredesk.tickets"

    def ready(self) -> None:
        """Has the check of connections know what this room knows; only now there are models."""
        import_module("scoredesk.tickets.known")
