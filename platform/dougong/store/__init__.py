"""Typed tables of the entities: DDL, reading, saving."""
