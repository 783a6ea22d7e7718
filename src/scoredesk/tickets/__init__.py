"""Sharing, delivery and tracking of tickets."""
