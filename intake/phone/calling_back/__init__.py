"""Promises to call back, and the calls that keep them."""
