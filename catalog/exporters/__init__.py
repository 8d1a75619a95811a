"""Writes the catalogue into files, in the form in which ``importers`` reads it."""
