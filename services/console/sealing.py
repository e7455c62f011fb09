"""What a browser keeps for the console and can neither read nor alter: sealed with a key of this installation."""

import json
import secrets
from typing import Any, Self

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from services.chassis.ground.key_files import read_or_create
from services.chassis.ground.settings import KEY_BYTES, Settings

KEY_FILE = "console.key"


class Seal:
    """JWE, AES-256-GCM. ``purpose`` stands in the protected header (``typ``): what is sealed for one does not open for
    another."""

    def __init__(self, key: bytes) -> None:
        self._key = OctKey.import_key(key)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """With the installation's key, made first where there is none. Raises ``KeyFileExposed``."""
        return cls(read_or_create(settings.keys_dir / KEY_FILE, lambda: secrets.token_bytes(KEY_BYTES)))

    def sealed(self, purpose: str, content: list[Any]) -> str:
        header = {"alg": "dir", "enc": "A256GCM", "typ": purpose}
        return jwe.encrypt_compact(header, json.dumps(content).encode(), self._key)

    def opened(self, purpose: str, text: str) -> list[Any] | None:
        """``None`` for what was sealed for something else, with another key, or by nobody."""
        try:
            found = jwe.decrypt_compact(text, self._key)
            content = json.loads(found.plaintext or b"")
        except (JoseError, ValueError, TypeError):
            return None
        return content if found.protected.get("typ") == purpose and isinstance(content, list) else None
