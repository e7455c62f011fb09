"""The one engine of check rules: findings that explain themselves, have an owner, and are computed again."""
