"""Django's name for this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `scoredesk.portal`."""

    name = "scoredesk.portal"
