"""Workbooks of any form or list: a layout is a document; templates, reading, row errors, annotated copies."""
