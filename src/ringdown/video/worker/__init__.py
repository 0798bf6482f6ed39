"""The recorder of one camera, in a process of its own."""
