"""The digest of figures, by which two prints are compared."""

import hashlib
import json

from pydantic import Field

DIGEST: str = Field(
    description="表内数字的摘要，用于比对两份打印件 / digest of the figures, by which two prints are compared"
)


def digest_of(*stated: object) -> str:
    """The same for the same question and the same figures; ``stated``: as JSON can say them."""
    return "sha256:" + hashlib.sha256(json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
