"""People: who somebody is (records of the organization package) and the secrets that prove it (system tables)."""
