"""The instance's own levers of the control room: records, lives, tokens, packs, choices."""
