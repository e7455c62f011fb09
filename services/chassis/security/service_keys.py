"""Keys of the installation's services: each has a private one in a file of its own, and all know the public ones."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Self

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from services.chassis.ground.key_files import read_or_create, read_secret
from services.chassis.ground.messages import CHASSIS, ExplainedError

CURVE: Final = "Ed25519"
UNREADABLE = (OSError, JoseError, ValueError, TypeError, KeyError, AttributeError)


class ServiceKeyUnusable(ExplainedError):
    """The private key of a service is missing, no key, or another service's."""


class ServiceKey:
    """The private key of one service, in a file for its owner only (0600)."""

    def __init__(self, name: str, key: OKPKey) -> None:
        self.name, self.key = name, key

    @classmethod
    def generate(cls, name: str) -> Self:
        return cls(name, OKPKey.generate_key(CURVE, {"kid": name, "use": "sig", "alg": CURVE}))

    @classmethod
    def at(cls, path: Path, name: str) -> Self:
        """Raises ``ServiceKeyUnusable``, or ``KeyFileExposed`` when the file lets anybody but its owner in."""
        try:
            key = OKPKey.import_key(json.loads(read_secret(path)))
        except FileNotFoundError:
            raise ServiceKeyUnusable(CHASSIS.say("service_key_missing", file=path, service=name)) from None
        except UNREADABLE:
            # What the library says may quote the file.
            raise ServiceKeyUnusable(CHASSIS.say("service_key_unreadable", file=path, service=name)) from None
        if not key.is_private or key.get("crv") != CURVE:
            raise ServiceKeyUnusable(CHASSIS.say("service_key_unreadable", file=path, service=name))
        if key.kid != name:
            raise ServiceKeyUnusable(CHASSIS.say("service_key_of_another", file=path, service=name, other=key.kid))
        return cls(name, key)

    @classmethod
    def made_at(cls, path: Path, name: str) -> Self:
        """``at``, made first where there is none."""
        read_or_create(path, lambda: json.dumps(cls.generate(name).key.as_dict(private=True)).encode())
        return cls.at(path, name)


def public_set(keys: Iterable[ServiceKey], others: bytes | None = None) -> bytes:
    """The JWKS document with the public halves, and the keys of another such document before them. Raises what is in
    ``UNREADABLE``."""
    known = [] if others is None else json.loads(others)["keys"]
    new = KeySet([each.key for each in keys]).as_dict(private=False)["keys"]
    return json.dumps({"keys": [*known, *(key for key in new if key not in known)]}, indent=1).encode()


class PublicKeys:
    """The public keys in a file, read again when it changes; without a file, none. A service has two while its key is
    being replaced."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._state: tuple[int, int, int] | None = None
        self._keys: tuple[OKPKey, ...] = ()

    def refresh(self) -> bool:
        """Whether the file has changed since it was looked at last. What cannot be read leaves the keys at hand: a slip
        while it is edited must not part all services from one another."""
        if self._path is None:
            return False
        try:
            found = self._path.stat()
            state = found.st_mtime_ns, found.st_size, found.st_ino
            if state == self._state:
                return False
            self._state = state
            keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
            # A key of another kind signs nothing here, and may stand in the file for others.
            self._keys = tuple(key for key in keys.keys if isinstance(key, OKPKey) and key.get("crv") == CURVE)
        except UNREADABLE as error:
            structlog.get_logger().error("service_keys_unreadable", exception=type(error).__name__)
            return False
        return True

    def of(self, name: object) -> Sequence[OKPKey]:
        """The keys of that service; empty for who is none."""
        return [key for key in self._keys if isinstance(name, str) and key.kid == name]
