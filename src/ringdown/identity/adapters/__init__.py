"""Where identity touches the world: argon2, and the credentials of a request."""
