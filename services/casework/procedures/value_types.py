"""Values of procedure documents."""

from typing import Annotated

from msgspec import Meta

from services.chassis.law.documents import KEY_PATTERN

Key = Annotated[str, Meta(pattern=rf"^{KEY_PATTERN}\Z")]
Label = Annotated[str, Meta(min_length=1, max_length=200)]
Days = Annotated[int, Meta(ge=1, le=366)]
"""A longer period is a slip: no notice hangs for more than a year."""
