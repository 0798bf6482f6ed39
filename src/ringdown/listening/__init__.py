"""Listening sessions: one person or partner hears one call, live or recorded, at their own place."""
