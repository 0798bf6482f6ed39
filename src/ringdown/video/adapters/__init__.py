"""Adapters of callers' video."""
