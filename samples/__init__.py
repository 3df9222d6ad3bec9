"""Sample applications, invented and drawn by `samples.generate`."""
