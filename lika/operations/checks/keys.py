"""Keys: that nobody else can read them, and that they are the ones the data were sealed with."""

from pathlib import Path

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.settings import Settings
from services.registry.households.claims import KEYED_KINDS

OTHERS = 0o077
"""Access rights of group and others."""

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
    files = sorted(path for path in folder.iterdir() if path.suffix in (".key", ".jwk", ".pgpass"))
    exposed = [path for path in files if path.stat().st_mode & OTHERS]
    if exposed:
        names, paths = [path.name for path in exposed], " ".join(map(str, exposed))
        return broken("key_files", "key_files_exposed", names=names, paths=paths)
    if folder.stat().st_mode & OTHERS:
        return warning("key_files", "key_folder_exposed", folder=folder)
    return ok("key_files", "key_files_private", count=len(files))


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


def existing_index_keys(settings: Settings) -> set[int]:
    """Numbers of the digest keys, and none made where there are none. Raises ``KeyFileExposed``."""
    if settings.index_keys is not None:
        return set(settings.load_index_keys())
    files: list[Path] = sorted(settings.keys_dir.glob("index-[1-9]*.key"))
    for file in files:
        if file.stat().st_mode & OTHERS:
            raise KeyFileExposed(CHASSIS.say("key_file_exposed", file=file))
    return {int(file.stem.removeprefix("index-")) for file in files}
