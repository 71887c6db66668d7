"""Maps for other people's pages: the public's view alone, framed by listed sites."""
