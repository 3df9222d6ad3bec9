"""How another system talks to the service: a client, and a receiver of its webhooks."""
