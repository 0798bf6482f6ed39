"""Who may do what: centres, users and their roles, sessions, API clients, the first set-up."""
