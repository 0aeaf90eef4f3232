"""Values: their types, exact numbers, how they look in JSON, and what can be wrong with what someone wrote."""
