"""The agency's own map: its roads, addresses, landmarks and mileposts, and what a place means."""
