"""Commands of this room for Django's management."""
