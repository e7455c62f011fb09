"""The control code of what is handed over: the first 16 digits of the SHA-256 of its lines. It stands in each row of the file and
comes back in each row of the result; who has another file has another code."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from services.assistance.payments.domain_lines import Amounts

DIGITS = 16


def control_of(list_id: UUID, lines: Iterable[int], amounts: Amounts) -> str:
    digest = hashlib.sha256(f"{list_id}\n".encode())
    for line in lines:
        digest.update(b"%d,%s\n" % (line, str(amounts[line]).encode()))
    return digest.hexdigest()[:DIGITS]
