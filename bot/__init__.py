"""
Tremplin: a private-message assistant that answers job seekers with a career blogger's own words and articles.

The rooms of this package and the direction of their imports are drawn in README.md and held by import-linter.
"""

__version__ = "0.2.0"
