"""A language model on a leash: it reads tokens, cites, and shows only what is checked.

Nothing here is needed on a call, and nothing that goes to a CAD can import it.
"""
