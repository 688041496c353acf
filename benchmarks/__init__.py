"""
What README.md claims, measured. Each module is a command: `python -m benchmarks.understanding`.
"""
