"""Those that are compared, in the order of the table: each ``offer(workshop)`` gives its rows."""

from . import floor, mediawiki, nginx, ours, usual, wagtail

# nginx serves the page that ours has made, so ours is built before it.
CONTENDERS = {
    "floor": floor.offer,
    "ours": ours.offer,
    "nginx": nginx.offer,
    "wagtail": wagtail.offer,
    "usual": usual.offer,
    "mediawiki": mediawiki.offer,
}
