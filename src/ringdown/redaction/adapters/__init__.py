"""The vault of values."""
