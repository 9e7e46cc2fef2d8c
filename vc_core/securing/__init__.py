"""Securing mechanisms: each turns a document into claims and `SignedData`, and nothing more."""
