"""
What is kept, in tables where nothing a person wrote or is called can be read without the key.
"""
