"""Requests this server makes of others: the one place that speaks HTTP outwards, so that nobody can send it into its own network."""
