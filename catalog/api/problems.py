"""What is told where something cannot be answered, in the form of RFC 9457."""

from http import HTTPStatus

from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"

# Of what was asked for, each parameter that cannot be answered, and why.
ERRORS = "errors"


def problem(status: int, detail: str = "", **more) -> Response:
    """An answer with ``status``; ``detail`` says what is wrong and what to do."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        told["detail"] = detail
    return Response(told | more, status=status, content_type=MEDIA_TYPE)


def problem_of(error) -> Response:
    """What an exception of REST framework tells."""
    detail = error.detail
    if isinstance(detail, dict):
        errors = [
            {"parameter": name, "detail": str(text)}
            for name, texts in detail.items()
            for text in texts
        ]
        words = " ".join(each["detail"] for each in errors)
        response = problem(error.status_code, words, **{ERRORS: errors})
    else:
        response = problem(error.status_code, str(detail))
    if (seconds := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(max(1, round(seconds)))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response
