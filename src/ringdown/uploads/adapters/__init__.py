"""What touches the world: sealed files, a process that makes pictures, the malware check."""
