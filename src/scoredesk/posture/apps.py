"""Django's name for this room."""

from django.apps import AppConfig


class PostureConfig(AppConfig):
    """The app `scoredesk.posture`."""

    name = "scoredesk.posture"
