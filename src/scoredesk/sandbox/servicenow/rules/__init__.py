"""Business rules and data policies."""
