"""Statements of lenders (银行流水), taken in line by line."""
