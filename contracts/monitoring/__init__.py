"""Facts published by the monitoring service, one module per slice that owns them."""
