"""Who read whose personal data: from the facts of every service's log that say so."""
