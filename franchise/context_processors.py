from django.conf import settings


def franchise(request):
    """What every page says of the site itself."""
    return {"franchise_name": settings.FRANCHISE_NAME}
