"""The catalogue side by side with other ways to serve the same page; ../README.md says how."""
