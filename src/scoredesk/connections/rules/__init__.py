"""Rules of the diagnosis: each takes all evidence and returns what it found about one check.

An empty list means "in order", None means that the evidence for it was not collected.
"""
