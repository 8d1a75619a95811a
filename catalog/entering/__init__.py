"""Fast entry: what editors paste or copy, read and matched with the catalogue before it is saved.

``cast_lines`` and ``title_lines`` read text and know no rows. ``cast`` says what would come of a
cast list, in ``proposals``, and writes it; ``naming`` finds who is meant. ``copying`` does the same
for the cast of the season before, ``episodes`` for dates.
"""
