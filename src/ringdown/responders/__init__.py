"""Links for responders in the field: the confirmed incident on a page of its own."""
