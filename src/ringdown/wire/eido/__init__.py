"""EIDO 1.0 (NENA-STA-021.1b-2022): an incident's present state as JSON, without any I/O."""
