"""What all REST answers share: errors, paging, filters on time, and how moments are written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NoReturn, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

T = TypeVar("T")
MOST_PER_PAGE = 1000
USUAL_PAGE = 50
METHODS = frozenset({"GET", "POST"})


class RestError(Exception):
    """An answer that is an error, with the carrier's own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def not_found() -> NoReturn:
    """There is no such thing."""
    raise RestError(404, 20404, f"The requested resource {request.path} was not found")


def add_route(
    rest: Blueprint, path: str, view: Callable[..., ResponseReturnValue], *methods: str, suffix: str = ".json"
) -> None:
    """A view under the account, for GET unless said otherwise; the account in the path was checked already."""
    rule = f"/Accounts/<account>{path}{suffix}"
    name = f"{rule} {methods}".replace(".", "_")

    def answered(account: str, **found: str) -> ResponseReturnValue:  # noqa: ARG001
        return view(**found)

    rest.add_url_rule(rule, name, answered, methods=list(methods or ("GET",)))


def web_address(url: str) -> bool:
    """Whether it is one that the carrier could ask."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def moment(at: datetime | None) -> str | None:
    """As the carrier writes moments: RFC 2822, UTC."""
    return None if at is None else format_datetime(at.astimezone(UTC))


def page(name: str, rows: Sequence[T], write: Callable[[T], Mapping[str, object]]) -> dict[str, object]:
    """One page of a list, with the address of the next."""
    size = min(max(_number("PageSize", USUAL_PAGE), 1), MOST_PER_PAGE)
    number = _number("Page", 0)
    start = number * size
    more = start + size < len(rows)
    return {
        name: [write(row) for row in rows[start : start + size]],
        "page": number,
        "page_size": size,
        "start": start,
        "end": min(start + size, len(rows)) - 1,
        "uri": _address(number, size),
        "first_page_uri": _address(0, size),
        "next_page_uri": _address(number + 1, size) if more else None,
        "previous_page_uri": _address(number - 1, size) if number else None,
    }


def in_time(name: str, at: datetime) -> bool:
    """Whether a moment passes the filters `name`, `name<` and `name>` of this request, dates or moments, inclusive."""
    on, before, after = (request.args.get(name + sign) for sign in ("", "<", ">"))
    return (
        (on is None or at.date() == _moment(on).date())
        and (before is None or at <= _moment(before))
        and (after is None or at >= _moment(after))
    )


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RestError(400, 20001, f"{text!r} is no date") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default


def _address(number: int, size: int) -> str:
    kept = {name: value for name, value in request.args.items() if name not in {"Page", "PageSize", "PageToken"}}
    return (
        f"{request.path}?{urlencode(kept | {'PageSize': str(size), 'Page': str(number), 'PageToken': f'PA{number}'})}"
    )
