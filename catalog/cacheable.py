"""Which pages are the same for everybody who sees the same of the catalogue."""

# The methods that change nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

# The variable of WSGI that tells the moment at which such a page is made. No header can set it.
MOMENT = "catalog.moment"


def parameters_of(view) -> frozenset | None:
    """The parameters of an address on which the page of ``view`` depends.

    None for a page that also depends on something else, and may not be kept for others. A view
    says so itself: its class, or the function, has them as ``parameters``.
    """
    return getattr(getattr(view, "view_class", view), "parameters", None)
