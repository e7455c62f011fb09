"""Who acts: account, roles and the division scope."""

import re
from dataclasses import dataclass
from typing import Self

from contracts.accounts import RESERVED, SERVICE_PREFIX, normalised
from contracts.registry.divisions import DIGITS, Level
from contracts.roles import Role

ACCOUNT_PATTERN = r"[a-z0-9._:@|/-]{1,128}"
"""A normalised account. It has no letters of names: an account is shown where a name may not be."""
_ACCOUNT = re.compile(ACCOUNT_PATTERN)
_LEVELS = {0: Level.PROVINCE, **{digits: level for level, digits in DIGITS.items()}}
_DIVISION = re.compile(r"([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account without a name, what it does, and where. ``subject`` is normalised, so that nobody is two
    pairs of eyes; ``division`` is a code prefix, "" everywhere. A service of the installation is made by ``of_service``."""

    subject: str
    roles: frozenset[Role]
    division: str

    def __post_init__(self) -> None:
        if self.service is None:
            object.__setattr__(self, "subject", account(self.subject))
        if not _DIVISION.fullmatch(self.division):
            raise ValueError("a division scope has 0, 2, 4, 6, 9 or 12 digits")

    @classmethod
    def of_service(cls, name: str) -> Self:
        """The service ``name`` itself: it has no role but this one, and is no person."""
        return cls(f"{SERVICE_PREFIX}{name}", frozenset({Role.SERVICE}), "")

    @property
    def service(self) -> str | None:
        """Name of the service that acts; ``None`` for a person. Only a service's own key makes such a caller
        (``service_tokens``): no token of an identity provider can."""
        if self.roles != {Role.SERVICE} or self.division or not self.subject.startswith(SERVICE_PREFIX):
            return None
        return self.subject.removeprefix(SERVICE_PREFIX)

    def covers(self, division_code: str) -> bool:
        """Whether that division lies in the actor's area; a division above the area does not."""
        return division_code.startswith(self.division)

    @property
    def level(self) -> Level:
        """The level of office; of "" it is the province's, which is all that an installation holds."""
        return _LEVELS[len(self.division)]

    @property
    def is_everywhere(self) -> bool:
        """Whether the area is all that an installation holds: at most one province, whose code has two digits."""
        return len(self.division) <= 2

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of these roles."""
        return not self.roles.isdisjoint(roles)


def account(text: str) -> str:
    """The account in its normalised form. Raises ``ValueError`` for what is none, or is nobody's."""
    found = normalised(text)
    if not _ACCOUNT.fullmatch(found):
        raise ValueError("a subject is an account, 1 to 128 of a-z 0-9 . _ : @ | / -")
    if found in RESERVED or found.startswith(SERVICE_PREFIX):
        raise ValueError("this account is reserved: it names a part of Lika or a role, and no person")
    return found
