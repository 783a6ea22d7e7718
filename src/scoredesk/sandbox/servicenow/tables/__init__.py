"""Records as a caller meets them: rights, values, journal, and what a write does."""
