"""Measurements: ratios against a named peer or limit in the same run, never asserted in a test."""
