"""Language models as they are reached."""
