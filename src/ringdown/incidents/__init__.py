"""Incident drafts: what was heard, each field citing its words, and what a person made of it.

Rules read the transcript and propose; a named person edits, rejects or confirms. Only a
`Confirmation`, which only a signed-in person's stored act can make, may leave for a CAD.
"""
