"""
The coach's desk on Telegram: one topic for each person who needs a human, in a private group or the coach's own chat.

`place` knows where the desk is, `door` takes what arrives, `courier` carries what leaves, `commands` is what coaches
may say, `office` the parts that takes. What is to be carried stands in the database first; only what comes of an order
that took long (`background`) is sent directly.
"""
