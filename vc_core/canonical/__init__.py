"""Canonical forms: one sequence of bytes for each document, whatever it looked like when it arrived."""
