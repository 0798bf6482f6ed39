"""Listening sessions: one person or partner hears one call, live or not, at their own place."""
