"""The home page, navigation, base templates and static files."""
