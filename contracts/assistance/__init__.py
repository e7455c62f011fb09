"""Facts published by the assistance service, one module per slice that owns them."""
