"""Tokens that are void before they end: recorded in the registry's log, and followed by every service."""
