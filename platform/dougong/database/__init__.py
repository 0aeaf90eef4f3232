"""Connections, the embedded server and the system tables: a data source name in, a usable database out; no records."""
