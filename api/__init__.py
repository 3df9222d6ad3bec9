"""Every way in: the command line, the review itself, and the renderings of its report."""
