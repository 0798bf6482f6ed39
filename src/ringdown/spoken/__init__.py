"""What is spoken and how it is written: numbers, plates, names. Pure; part of no feature."""
