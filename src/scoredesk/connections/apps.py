"""Django's name for this room."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """The app `scoredesk.connections`."""

    name = "scoredesk.connections"
