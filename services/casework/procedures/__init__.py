"""The one procedure engine, for any subject: a service adds documents, a standing and an effect."""
