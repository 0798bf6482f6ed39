"""What partners may have of the centre's calls: incident events, webhooks, live words and audio.

A partner is a machine with a credential of one centre. It sees incidents under ids of their own,
in the shapes that the public partner documentation gives, and never another centre's.
"""
