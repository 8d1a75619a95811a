"""One file that holds all of a site: its database, with history and accounts, and its pictures."""
