"""The vocabulary every feature shares: ids, time, errors, events, personal data. Pure."""
