"""The header by which a command that is sent again is recognised."""

KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[A-Za-z0-9._~-]{8,80}$"
