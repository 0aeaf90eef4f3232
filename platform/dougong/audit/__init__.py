"""The audit log: deeds of administration and reads of sensitive fields in, rows that nobody can change unnoticed out."""
