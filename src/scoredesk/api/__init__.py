"""What machines call: health, readiness, metrics."""
