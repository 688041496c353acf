"""
What a message asks for, in which language, and how sure that is; which FAQ entries and articles fit it.

Deterministic and offline: the same pack and the same message always give the same reading.
"""
