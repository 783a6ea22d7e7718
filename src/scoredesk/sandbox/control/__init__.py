"""The control room under `/_sandbox/`, the same on both ports."""
