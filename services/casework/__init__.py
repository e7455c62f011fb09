"""Casework: what every office does, whatever the matter. Services add documents, standings and effects, not engines."""
