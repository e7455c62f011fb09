"""Parsing a workbook: bytes in, household drafts and row errors out. Pure: no clock, no database."""
