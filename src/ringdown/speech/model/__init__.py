"""The pure heart of speech: resampling, cutting into segments, word times, doubt. No I/O."""
