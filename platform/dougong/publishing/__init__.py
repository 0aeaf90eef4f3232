"""Draft to active version: what will change, and the change itself."""
