"""How much a file may take."""

import msgspec

MEBIBYTE = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """``entries``: parts of the package; ``depth``: of its XML; ``cells``: of all sheets, those that only carry a format
    included; ``rows`` and ``columns``: of one sheet; ``text_bytes``: all text of one sheet written out, repeated strings
    counted each time; ``memory_bytes`` (address space), ``processor_seconds`` and ``seconds`` (by the clock): of the process that reads;
    ``errors``: of a file, with what is told of
    it, listed."""

    file_bytes: int = 50 * MEBIBYTE
    unpacked_bytes: int = 400 * MEBIBYTE
    text_bytes: int = 200 * MEBIBYTE
    entries: int = 1000
    depth: int = 32
    cells: int = 5_000_000
    rows: int = 100_000
    columns: int = 64
    memory_bytes: int = 1024 * MEBIBYTE
    processor_seconds: int = 60
    seconds: int = 180
    errors: int = 20_000


DEFAULT_LIMITS = Limits()
