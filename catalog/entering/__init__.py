"""Fast entry: what editors paste or copy, read and matched with the catalogue before it is saved.

``cast_lines`` and ``title_lines`` read text and know no rows; ``cast``, ``casts`` and ``episodes``
say what would come of it, and write it.
"""
