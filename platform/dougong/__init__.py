"""The runtime: keeps versions and records, guards them and serves them."""
