"""
How commands show what went wrong.
"""

import sys


def fail(message: str) -> int:
    """
    Say on standard error why a command cannot do its work; returns the exit code.
    """
    print(message, file=sys.stderr)
    return 1
