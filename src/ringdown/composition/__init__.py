"""The parts of the composition root: one module for each lane, read in the order of `app.build`.

Each builds its adapters and services from the `Base` and the lanes before it, and gives back what
later ones need. Nothing is built anywhere else.
"""
