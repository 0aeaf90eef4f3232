"""Drafts and versions of apps, and which version is active."""
