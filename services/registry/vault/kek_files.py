"""Where the key-encryption keys come from: a setting, a file outside the data folder, or key files in it."""

import secrets
from pathlib import Path

from services.chassis.ground.key_files import read_or_create, read_secret
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import KEY_BYTES, Settings, key_encryption_keys
from services.registry.messages import say
from services.registry.vault.kek import LocalKek


class KekUnavailable(ExplainedError):
    """No key-encryption key is where the settings say, or it cannot be read; none was made."""


def keks_of(settings: Settings, *, make: bool) -> LocalKek:
    """The key-encryption keys of the settings. ``make``: the first one, where there is none and none is configured. Raises
    ``KekUnavailable`` and ``KeyFileExposed``."""
    if settings.kek is not None:
        return LocalKek(key_encryption_keys(settings.kek.get_secret_value()))
    if settings.kek_file is not None:
        return LocalKek(_read_file(settings.kek_file))
    files = kek_files(settings)
    if not files:
        first = settings.keys_dir / "kek-1.key"
        if not make:
            raise KekUnavailable(say("kek_lost", file=first))
        read_or_create(first, lambda: secrets.token_bytes(KEY_BYTES))
        files = kek_files(settings)
    keys = {number: read_secret(file) for number, file in files.items()}
    for number, key in keys.items():
        if len(key) != KEY_BYTES:
            raise KekUnavailable(say("kek_file_unreadable", file=files[number]))
    return LocalKek(keys)


def kek_files(settings: Settings) -> dict[int, Path]:
    """The key files in the data folder, ``kek-N.key`` with 32 bytes, by number."""
    return {int(path.stem.removeprefix("kek-")): path for path in sorted(settings.keys_dir.glob("kek-[1-9]*.key"))}


def kek_beside_data(settings: Settings) -> Path | None:
    """The file of the key-encryption key, where whoever copies the data folder copies it, too."""
    if settings.kek is not None:
        return None
    file = settings.kek_file or next(iter(kek_files(settings).values()), None)
    return file if file is not None and file.resolve().is_relative_to(settings.data_dir.resolve()) else None


def _read_file(path: Path) -> dict[int, bytes]:
    """``1:base64`` on a line for each key, or one key alone."""
    try:
        lines = read_secret(path).decode("ascii").split()
    except OSError as error:
        raise KekUnavailable(say("kek_file_missing", file=path, reason=error.strerror)) from None
    except UnicodeDecodeError:
        raise KekUnavailable(say("kek_file_unreadable", file=path)) from None
    try:
        return key_encryption_keys(",".join(lines))
    except ValueError:
        raise KekUnavailable(say("kek_file_unreadable", file=path)) from None
