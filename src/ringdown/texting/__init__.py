"""Messages with a caller: SMS by any carrier, the page of a caller link, and texting back."""
