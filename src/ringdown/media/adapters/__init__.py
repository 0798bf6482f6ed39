"""Whatever else of media touches the world."""
