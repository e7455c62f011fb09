"""The register's households and members in the national system's own layout, by area and day."""
