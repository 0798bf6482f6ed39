"""The caller's camera, seen with care: rooms, viewing, exposure, recording."""
