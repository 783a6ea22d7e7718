"""Improvement actions and the score's history, refreshed from Microsoft Graph."""
