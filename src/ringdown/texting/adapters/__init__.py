"""Carriers: Twilio's interface and its clones, and a gateway of the agency's own."""
