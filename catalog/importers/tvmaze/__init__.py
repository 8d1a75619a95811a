"""Takes a show over from TVmaze: read, compared with what is there, and written as drafts."""
