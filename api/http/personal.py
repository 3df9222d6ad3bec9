"""Personal data in answers: masked unless somebody who may asks for it as it is, which is written down."""

from typing import Annotated

from fastapi import Query

from api import clock
from api.http.context import Context
from api.http.problems import Refused, Said
from api.store import log
from api.store.keys import ApiKey, Scope

MAY_UNMASK = frozenset({Scope.REVIEW, Scope.ADMIN})
Unmask = Annotated[
    bool,
    Query(
        description="显示完整的身份证号和电话（需 review 或 admin 权限，记入审计日志）。 Identity card and phone numbers in full; needs "
        "scope review or admin, and is logged."
    ),
]


def note_unmasking(context: Context, key: ApiKey, review_id: str, what: str) -> None:
    """Write down who saw what unmasked, before it is shown; a problem where the key does not allow it."""
    if key.scopes.isdisjoint(MAY_UNMASK):
        said = Said(
            "查看完整的个人信息需要 review 或 admin 权限。", "Seeing personal data in full needs scope review or admin."
        )
        raise Refused(403, "forbidden", said)
    log.record(context.store, f"key:{key.id}", "review.unmasked", review_id, clock.now(), what=what)
