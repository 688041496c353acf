"""
The outside world: each channel turns what people do into `Incoming`, and a `Reply` into what people see.
"""
