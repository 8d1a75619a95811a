"""What commands say of a backup."""

from ..backups.archive import Manifest
from ..backups.engines import kinds


def summed_up(manifest: Manifest) -> str:
    """The rows of the catalogue and the accounts that it holds, and its pictures, a line each."""
    named = {model._meta.db_table: str(model._meta.verbose_name_plural) for model in kinds()}
    lines = [
        f"{named[table]:28}{number:>11,}"
        for table, number in manifest.counts.items()
        if number and table in named
    ]
    pictures = sum(name != manifest.database for name in manifest.files)
    return "\n".join([*sorted(lines), f"{'files of pictures':28}{pictures:>11,}"])
