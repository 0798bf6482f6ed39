"""Photos and videos from a caller: received, checked, kept apart until viewed."""
