"""What the database knows of its own rows, by which it chooses its plans."""

from django.db import connection


def gather_statistics():
    """Have the database look at its rows anew, after very many of them have changed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
