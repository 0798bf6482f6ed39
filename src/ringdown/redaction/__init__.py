"""Personal values found in speech, replaced by tokens, and kept where only we can undo it."""
