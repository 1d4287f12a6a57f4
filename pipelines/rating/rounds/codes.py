"""One-time codes: they let a scorer hand in one sheet; only their salted hashes are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Final

_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_WORK: Final = 20_000


def new_code() -> str:
    """A code such as ``K7QM-4XZP`` without letters that are mistaken for others."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def hashed(code: str) -> str:
    """What is kept of a code: its salt and hash."""
    salt = secrets.token_hex(8)
    return f"{salt}:{_digest(salt, _plain(code))}"


def fits(code: str, kept: str) -> bool:
    """Whether a code as it was typed is the one of which this was kept."""
    salt, _, digest = kept.partition(":")
    return bool(digest) and hmac.compare_digest(_digest(salt, _plain(code)), digest)


def _plain(code: str) -> str:
    return "".join(one for one in code.upper() if one.isalnum())


@lru_cache(maxsize=4096)
def _digest(salt: str, code: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", code.encode(), bytes.fromhex(salt), _WORK).hex()
