"""The service over HTTP: routes, access, limits and problems; what they do is done by the store, the job engine and the desks."""
