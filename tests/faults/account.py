"""What each test tells of what it has seen; printed when all have run."""

LINES = []


def tell(what: str, **numbers):
    """Such as ``tell("worker killed, SQLite", answered=8_210, lost=0)``."""
    told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in numbers.items())
    LINES.append(f"{what}: {told}")
