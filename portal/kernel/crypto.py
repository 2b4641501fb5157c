"""Sealed texts: secret, and bound to the one place where they belong.

A sealed text reads `algorithm.key.nonce.ciphertext` (the last two in URL-safe base64 without padding, the
authentication tag of 16 bytes at the end), for example `aes-gcm.k1.d5jzLqvBvBUcDEzh.3zvJ…`. Algorithm and key are
named in it, so both can be replaced while old texts still open. Keys come from the setting FIELD_KEYS
(id → 32 bytes, the first one is current), the algorithm of new texts from FIELD_ALGORITHM.
"""

import base64
import binascii
import secrets
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

ALGORITHMS: dict[str, tuple[Any, int]] = {"aes-gcm": (algorithms.AES, 32), "sm4-gcm": (algorithms.SM4, 16)}  # key bytes
NONCE, TAG = 12, 16  # bytes


class Unreadable(Exception):
    """A sealed text that does not open: another key or place, an unknown algorithm, or somebody changed it.

    The message never holds the text or what was in it.
    """


def seal(plain: str, about: str) -> str:
    """`plain` as a sealed text that opens only together with `about` (by custom `table.column:primary key`)."""
    algorithm, key = settings.FIELD_ALGORITHM, current_key()
    nonce = secrets.token_bytes(NONCE)
    encryptor = _cipher(algorithm, settings.FIELD_KEYS[key], nonce, None).encryptor()
    encryptor.authenticate_additional_data(_bound(algorithm, key, about))
    sealed = encryptor.update(plain.encode()) + encryptor.finalize() + encryptor.tag
    return ".".join((algorithm, key, _encode(nonce), _encode(sealed)))


def open_sealed(text: str, about: str) -> str:
    """What was sealed with this `about`. Raises Unreadable."""
    algorithm, key, nonce, sealed = _parts(text)
    if len(nonce) != NONCE or len(sealed) < TAG:
        raise Unreadable("a sealed text is cut short")
    decryptor = _cipher(algorithm, settings.FIELD_KEYS[key], nonce, sealed[-TAG:]).decryptor()
    decryptor.authenticate_additional_data(_bound(algorithm, key, about))
    try:
        return (decryptor.update(sealed[:-TAG]) + decryptor.finalize()).decode()
    except InvalidTag:
        raise Unreadable(f"a sealed text does not open with the key {key} at {about.partition(':')[0]}") from None


def current_key() -> str:
    """The id of the key that new texts are sealed with."""
    return str(next(iter(settings.FIELD_KEYS)))


def is_current(text: str) -> bool:
    """Whether a sealed text carries the algorithm and the key that new ones get."""
    return text.startswith(f"{settings.FIELD_ALGORITHM}.{current_key()}.")


def _parts(text: str) -> tuple[str, str, bytes, bytes]:
    """Algorithm, key id, nonce, ciphertext with tag."""
    try:
        algorithm, key, nonce, sealed = text.split(".")
        decoded = _decode(nonce), _decode(sealed)
    except (ValueError, binascii.Error):
        raise Unreadable("this is not a sealed text") from None
    if algorithm not in ALGORITHMS:
        raise Unreadable("a sealed text names an unknown algorithm")
    if key not in settings.FIELD_KEYS:
        raise Unreadable("a sealed text names a key that is not in FIELD_KEYS")
    return algorithm, key, *decoded


def _bound(algorithm: str, key: str, about: str) -> bytes:
    return f"{algorithm}.{key}|{about}".encode()


def _cipher(algorithm: str, key: bytes, nonce: bytes, tag: bytes | None) -> Cipher[Any]:
    family, _size = ALGORITHMS[algorithm]
    return Cipher(family(_key_for(algorithm, key)), modes.GCM(nonce, tag))


@lru_cache(maxsize=32)
def _key_for(algorithm: str, key: bytes) -> bytes:
    """A key of its own for each algorithm, drawn from ours: no key serves two of them."""
    size = ALGORITHMS[algorithm][1]
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=f"field:{algorithm}".encode()).derive(key)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    """Only the one spelling that `_encode` gives, so that a text cannot be changed and still be the same."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encode(data) != text:
        raise ValueError("not in its one spelling")
    return data
