"""What partners' events use of the world: keys on disk, and requests to machines of others."""
