"""Templates in, packages out."""
