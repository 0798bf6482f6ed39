"""The record of who did what: append-only, chained by hashes per centre, checkable by anybody."""
