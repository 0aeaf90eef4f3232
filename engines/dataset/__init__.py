"""Which rows: a query over an entity in, one SELECT out."""
