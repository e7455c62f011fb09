"""Entitlements: who is granted what of a programme, what follows from the register, and what is due for which period."""
