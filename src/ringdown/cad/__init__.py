"""CAD out: what a person confirmed leaves for the centre's computer-aided dispatch, once.

Nothing is sent that was not built from a stored confirmation of a named person; a delivery waits,
is tried again and survives restarts until the CAD has acknowledged it or a person must act.
"""
