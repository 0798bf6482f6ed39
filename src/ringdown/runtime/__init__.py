"""Technical ground for every feature: database, bus, HTTP, tasks, telemetry. Knows no 911."""
