"""Runs the vectors of a language against each of its back ends and says where they differ."""
