"""
One message to everyone, once, safely: what is to be sent stands in the database, one row for each recipient.
"""
