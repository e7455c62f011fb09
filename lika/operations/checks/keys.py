"""Keys: that nobody else can read them, and that they are the ones the data were sealed with."""

from pathlib import Path

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.settings import Settings
from services.chassis.security.sealing import SealBroken
from services.registry.households.claims import KEYED_KINDS
from services.registry.vault.kek import LocalKek, UnknownKek

OTHERS = 0o077
"""Access rights of group and others."""

DATA_KEY_SAMPLE = """
(SELECT subject, number, wrapped, kek_number FROM data_keys WHERE wrapped IS NOT NULL ORDER BY kek_number LIMIT 10)
UNION
(SELECT subject, number, wrapped, kek_number FROM data_keys WHERE wrapped IS NOT NULL ORDER BY kek_number DESC LIMIT 10)
"""
"""Of the oldest and of the newest key-encryption key in use, by their index."""

CLAIMED_KEYS = """
WITH RECURSIVE used AS (
    (SELECT kind, key_number FROM claims ORDER BY kind, key_number LIMIT 1)
    UNION ALL
    SELECT next_key.kind, next_key.key_number FROM used, LATERAL (
        SELECT kind, key_number FROM claims WHERE (kind, key_number) > (used.kind, used.key_number)
        ORDER BY kind, key_number LIMIT 1
    ) AS next_key
)
SELECT kind, key_number FROM used
"""
"""Which kinds are claimed under which keys: one step of the index for each, however many claims there are."""

DIGESTED_KEYS = CLAIMED_KEYS.replace("FROM claims", "FROM identity_digests")
ACCOUNT_KEYS = """
SELECT 'account', number FROM generate_series(1, 99) number
WHERE EXISTS (SELECT FROM account_digests WHERE key_number = number)
"""
"""The same of bank accounts."""


def key_files(installation: Installation) -> Finding:
    folder = installation.settings.keys_dir
    if not folder.exists():
        return ok("key_files", "no_key_files")
    files = sorted(path for path in folder.iterdir() if path.suffix in (".key", ".jwk"))
    exposed = [path for path in files if path.stat().st_mode & OTHERS]
    if exposed:
        names, paths = [path.name for path in exposed], " ".join(map(str, exposed))
        return broken("key_files", "key_files_exposed", names=names, paths=paths)
    if folder.stat().st_mode & OTHERS:
        return warning("key_files", "key_folder_exposed", folder=folder)
    return ok("key_files", "key_files_private", count=len(files))


def key_encryption_key(installation: Installation, name: str) -> Finding:
    """Whether data keys can be unwrapped with the key-encryption key at hand. Nothing of them is kept or shown."""
    named = f"{name}.key_encryption_key"
    sample = installation.query(name, DATA_KEY_SAMPLE)
    if not sample:
        return ok(named, "no_data_keys")
    try:
        secret = existing_kek(installation.settings)
        if secret is None:
            return broken(named, "key_encryption_key_missing", path=installation.settings.keys_dir / "kek.key")
        kek = LocalKek({1: secret})
        for subject, number, wrapped, kek_number in sample:
            kek.unwrap(bytes(wrapped), kek_number, subject, number)
    except (SealBroken, UnknownKek, ValueError):
        return broken(named, "key_encryption_key_wrong")
    except KeyFileExposed:
        return broken(named, "key_encryption_key_exposed")
    return ok(named, "data_keys_opened", count=len(sample))


def index_keys(installation: Installation, name: str) -> Finding:
    """Whether what makes ID numbers and household numbers unique is looked up under the keys it was claimed under."""
    named = f"{name}.index_keys"
    claimed: dict[str, set[int]] = {}
    for kind, number in installation.query(name, CLAIMED_KEYS):
        if kind in KEYED_KINDS:
            claimed.setdefault(kind, set()).add(number)
    if not claimed:
        return ok(named, "nothing_claimed")
    try:
        existing = existing_index_keys(installation.settings)
    except (KeyFileExposed, ValueError):
        return broken(named, "index_keys_unusable")
    if missing := sorted(set().union(*claimed.values()) - existing):
        return broken(named, "index_keys_missing", numbers=missing)
    if incomplete := sorted(n for n in existing if any(n not in numbers for numbers in claimed.values())):
        return warning(named, "index_keys_not_backfilled", numbers=incomplete)
    return ok(named, "index_keys_complete", numbers=sorted(existing))


def search_digests(installation: Installation, name: str) -> Finding:
    """Whether people are found by ID number and name, and equal accounts, under the keys at hand, and under each of them."""
    named = f"{name}.search_digests"
    found: dict[str, set[int]] = {}
    for kind, number in (*installation.query(name, DIGESTED_KEYS), *installation.query(name, ACCOUNT_KEYS)):
        found.setdefault(kind, set()).add(number)
    if not found:
        return ok(named, "nothing_to_search")
    try:
        existing = existing_index_keys(installation.settings)
    except (KeyFileExposed, ValueError):
        return broken(named, "index_keys_unusable")
    if any(numbers != existing for numbers in found.values()):
        return warning(named, "search_digests_of_other_keys", numbers=sorted(existing))
    return ok(named, "search_digests_complete", numbers=sorted(existing))


def existing_kek(settings: Settings) -> bytes | None:
    """The key-encryption key, and none made where there is none. Raises ``KeyFileExposed``."""
    return settings.load_kek() if settings.kek is not None or (settings.keys_dir / "kek.key").exists() else None


def existing_index_keys(settings: Settings) -> set[int]:
    """Numbers of the digest keys, and none made where there are none. Raises ``KeyFileExposed``."""
    if settings.index_keys is not None:
        return set(settings.load_index_keys())
    files: list[Path] = sorted(settings.keys_dir.glob("index-[1-9]*.key"))
    for file in files:
        if file.stat().st_mode & OTHERS:
            raise KeyFileExposed(CHASSIS.say("key_file_exposed", file=file))
    return {int(file.stem.removeprefix("index-")) for file in files}
