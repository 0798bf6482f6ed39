"""What the operator console reads: snapshots, the live feed, lamps, health and the pages."""
