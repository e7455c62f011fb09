"""Facts published by the registry service, one module per slice that owns them."""
