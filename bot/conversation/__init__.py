"""
From an `Incoming` to a `Reply`: the same for every channel, without network, database or clock.
"""
