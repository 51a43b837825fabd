"""Appending commands by the million: a quick path, and the rule book for the rest.

What the quick path does not take for certain goes the slow way (`prepare` and `decide`), in the
same batch and order; so both give the same events, keys and refusals.
"""
