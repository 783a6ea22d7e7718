"""Trying a mapping out: `dry_run` shows the exact record and what the instance would refuse, as
far as can be known; `record` creates one, reads it back, and cancels it."""
