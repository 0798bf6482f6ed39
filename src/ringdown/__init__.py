"""Ringdown: the open call-taking assistant for emergency communications centres."""
