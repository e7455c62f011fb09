"""Ids of data keys: random, so that a key that was lost and made again can never be taken for the one before.

48 bits: enough that a subject's second key has its first one's id once in 10**14 times (and then the seal itself does not
open), few enough for a JSON number to hold them exactly and for eight characters in every sealed value.
"""

import base64
import binascii
import os
from functools import lru_cache

ID_BYTES = 6
LARGEST_ID = 2 ** (8 * ID_BYTES) - 1


def new_key_ids(count: int) -> list[int]:
    """So many, from 1 to ``LARGEST_ID``."""
    random = os.urandom(ID_BYTES * count)
    return [int.from_bytes(random[at : at + ID_BYTES], "big") or 1 for at in range(0, len(random), ID_BYTES)]


def key_id_text(key_id: int) -> str:
    """As it stands in a seal: eight characters of base64url."""
    return base64.urlsafe_b64encode(key_id.to_bytes(ID_BYTES, "big")).decode()


@lru_cache(maxsize=4096)  # the same few stand in all that is sealed of a household, and every view of it asks
def read_key_id(text: str) -> int:
    """Raises ``ValueError`` for what is no id."""
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("a key id is eight characters of base64url") from None
    if len(raw) != ID_BYTES or not any(raw):
        raise ValueError("a key id is six bytes and not zero")
    return int.from_bytes(raw, "big")
