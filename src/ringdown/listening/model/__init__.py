"""What playing a call to a listener means: cursor, commands, gains and the mix; no I/O."""
