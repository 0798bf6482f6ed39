"""Whatever else of listening touches the world."""
