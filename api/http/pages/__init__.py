"""The reviewer's page: routes that answer HTML, drawn on this machine from templates, with a session instead of an API key."""
