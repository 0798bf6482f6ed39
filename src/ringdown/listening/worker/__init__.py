"""The playout worker process: `python -m ringdown.listening.worker`."""
