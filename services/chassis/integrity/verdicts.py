"""Which of those that should agree on an entry was altered: the log, its copy, or digests of it."""

from dataclasses import dataclass
from enum import StrEnum


class Altered(StrEnum):
    """``log_or_digests``: a service alone cannot tell its log's row from the digest beside it; whoever keeps a copy can.
    ``undecided``: log and copy differ since before anybody had written a digest down twice."""

    LOG = "log"
    COPY = "copy"
    LOG_AND_COPY = "log_and_copy"
    PUBLISHED_DIGESTS = "published_digests"
    WRITTEN_DIGESTS = "written_digests"
    LOG_OR_DIGESTS = "log_or_digests"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry on which log, copy and digests do not agree. ``log`` and ``position`` name it to everybody."""

    log: str
    position: int
    altered: Altered


@dataclass(frozen=True, slots=True)
class Evidence:
    """The digests of one entry, ``None`` where there is none. ``written``: as published when the copy was first compared;
    ``published``: as the producer publishes it now; ``log``: of the producer's row now; ``copy``: of the row kept here, and
    ``copied`` says whether one has to be."""

    written: bytes | None
    published: bytes | None
    log: bytes | None
    copy: bytes | None
    copied: bool

    def verdict(self) -> Altered | None:
        """``None`` where all agree. What was written down first is believed, unless everything else contradicts it."""
        first = self.written
        if not self.copied:
            return self._without_copy()
        match (self.copy == first, self.log == first, self.published == first):
            case (True, True, True):
                return None
            case (True, True, False):
                return Altered.PUBLISHED_DIGESTS
            case (True, False, _):
                return Altered.LOG
            case (False, True, _):
                return Altered.COPY
        if self.copy == self.log == self.published:
            return Altered.WRITTEN_DIGESTS
        return Altered.LOG_AND_COPY

    def _without_copy(self) -> Altered | None:
        match (self.log == self.written, self.published == self.written):
            case (True, True):
                return None
            case (True, False):
                return Altered.PUBLISHED_DIGESTS
            case (False, True):
                return Altered.LOG
        return Altered.UNDECIDED
