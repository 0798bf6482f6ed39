"""Calls: what a 911 call is, who is on it, and what happened to it until a person is done with it.

A call never disappears: a caller who hangs up before an answer, and a source that is lost, stay
in attention until a person closes them with a reason.
"""
