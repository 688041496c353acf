"""
The content pack: the directory a blogger writes, read, checked and rendered. No code of the pack is ever run.
"""
