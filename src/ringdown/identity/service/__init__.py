"""The use cases of identity, one module each: sessions, users, clients, the first set-up."""
