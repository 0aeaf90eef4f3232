"""Spreadsheets in and out: lists as files, files as records, entities made from files."""
