"""Entities, fields and records, without a database: what a record can be made of, computed and checked."""
