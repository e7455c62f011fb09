"""Kafka as a cache of the log: the relay that fills a topic, the source that reads it, the broker of one machine."""
