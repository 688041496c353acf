"""
The blog's articles, from wherever the blogger keeps them.
"""
