"""The speech worker process: `python -m ringdown.speech.worker`."""
