"""Drafts from calls written down as text, and how good they are on calls that are labelled."""
