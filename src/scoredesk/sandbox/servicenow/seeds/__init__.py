"""What a fresh instance holds."""
