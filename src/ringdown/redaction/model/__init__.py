"""What a personal value looks like in speech, and how it becomes a token. Pure."""
