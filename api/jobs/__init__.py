"""The durable jobs: what the service does behind the answer 202, whatever happens to its processes."""
