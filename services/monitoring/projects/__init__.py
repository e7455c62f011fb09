"""Projects: the library, the charter, the works, acceptance, evaluation, and the assets that remain."""
