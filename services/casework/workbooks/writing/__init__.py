"""Workbooks written after a layout: the empty form, filled ones, and annotated ones."""
