"""Django's name for this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app `scoredesk.accounts`."""

    name = "scoredesk.accounts"
