"""Expressions: text to tokens to tree to typed tree, then evaluated in Python, in PostgreSQL or in the browser."""
