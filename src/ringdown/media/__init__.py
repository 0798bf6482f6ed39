"""Media: audio comes in, each side becomes an append-only file, everything else reads it.

The recording is the log: the recorder writes, with silence where nothing came, so that sample
index ÷ rate is the time since the leg's first instant. Speech, the player and later partners
only read, at the live edge or anywhere behind it. Nothing a reader does can touch a call.
"""
