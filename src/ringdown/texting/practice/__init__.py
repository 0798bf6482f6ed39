"""A carrier for tests and practice: Twilio's interface, and phones in a page.

It reaches no real phone. `serving` puts it on this machine, beside a Ringdown that uses it.
"""
