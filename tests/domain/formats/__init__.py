"""Requests in and out: every format against the others, and against a real shell."""
