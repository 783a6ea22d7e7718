"""Django's name for this room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """The app `scoredesk.tickets`."""

    name = "scoredesk.tickets"
