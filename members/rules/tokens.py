"""Tokens of invitations: sent once by mail, kept as a hash."""

import hashlib


def token_hash(token: str) -> str:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
