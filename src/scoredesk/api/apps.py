"""Django's name for this room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The app `scoredesk.api`."""

    name = "scoredesk.api"
