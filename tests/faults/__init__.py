"""What becomes of a real site when something breaks: `make test-faults`.

Each test has a site of its own, of real processes under load; it breaks something, and tells what
was sent, what was answered and what was lost.
"""
