"""Caller links: consent, the link, the caller's page and where the caller's phone is."""
