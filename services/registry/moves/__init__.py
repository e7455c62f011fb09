"""Moves between villages: recorded at once within one area, else proposed and accepted where they lead."""
