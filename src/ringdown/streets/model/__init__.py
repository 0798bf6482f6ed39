"""The map and the matching of spoken places. Pure."""
