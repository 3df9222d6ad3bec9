"""Every deadline that the store and the registries know of, and who is told when one comes near or has passed."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from api import webhooks
from api.clock import BEIJING
from api.due import (
    Due,
    DueKind,
    DueState,
    by_urgency,
    in_working_days,
    load_deadlines,
    newest_of_each_body,
    on_a_day,
    renewal,
    verification,
)
from api.registries import open_registries
from api.settings import Settings
from api.store import Store
from api.store.listing import Filters, list_reviews
from api.store.reviews import ReviewRow, State
from api.store.supervision import Correction, corrections, tell, told, verifications
from api.store.webhooks import Subscription, subscriptions
from matchers.workdays import load_calendar
from models.errors import InputError
from models.records import CmaRecord, RegistryKind

EVENTS = {DueState.WARNING: "due.warning", DueState.OVERDUE: "due.overdue"}
_PAGE = 500
_KINDS = {"correction": DueKind.CORRECTION, "verification": DueKind.VERIFICATION}


def deadlines(
    settings: Settings,
    store: Store,
    environment: Mapping[str, str],
    on: dt.date,
    *,
    issued_since: dt.date | None = None,
) -> list[Due]:
    """All deadlines, the most urgent first; verification only of certificates issued since a day, where one is given.

    RegistryError where there is a snapshot of issued certificates that cannot be read; without one they are not among them.
    """
    registry = open_registries(settings, store, environment).registries.get(RegistryKind.CMA)
    records: list[CmaRecord] = registry.find(None) if registry is not None else []
    return by_urgency(
        [
            *_of_certificates(settings, store, records, on, issued_since),
            *_of_cases(settings, list(_cases(store)), corrections(store), on),
        ]
    )


def notify(settings: Settings, store: Store, dues: Iterable[Due], now: dt.datetime) -> tuple[int, int]:
    """Tell every subscriber of deadlines that are near or have passed, each once of either; how many were told, how many could not be.

    Who could not be reached is told at the next run, with the same message id.
    """
    sent = failed = 0
    urgent = [due for due in dues if due.state in EVENTS]
    for subscription in subscriptions(store):
        if subscription.disabled_at is not None:
            continue
        known = told(store, subscription.id)
        for due in urgent:
            event = EVENTS[due.state]
            if (due.item, event) in known or (subscription.events and event not in subscription.events):
                continue
            if not _post(settings, subscription, due, event, now):
                failed += 1
                break  # it is away: what else there is would only wait for the same silence
            tell(store, subscription.id, due.item, event, now)
            sent += 1
    return sent, failed


def _of_certificates(
    settings: Settings, store: Store, records: Collection[CmaRecord], on: dt.date, since: dt.date | None
) -> Iterator[Due]:
    rules, calendar, verified = settings.rules, load_calendar(), verifications(store)
    for record in records:
        if since is not None and (record.issued_on is None or record.issued_on < since):
            continue
        said = verified.get(record.number)
        on_record = (said.verified_on, said.outcome.value) if said is not None else None
        due = verification(record, on_record, on, rules.commitment_months, rules.commitment_warn_days, calendar)
        if due is not None:
            yield due
    for record in newest_of_each_body(records):
        due = renewal(record, on, rules.commitment_warn_days, load_deadlines(), calendar)
        if due is not None:
            yield due


def _of_cases(
    settings: Settings, rows: Iterable[ReviewRow], letters: Iterable[Correction], on: dt.date
) -> Iterator[Due]:
    """Letters that were sent; cases with a day of their own; cases to be corrected whose letter has not been sent."""
    warn, calendar = settings.rules.commitment_warn_days, load_calendar()
    asked = set()
    for letter in letters:
        asked.add(letter.subject)
        yield in_working_days(
            DueKind.CORRECTION,
            letter.subject,
            letter.name,
            letter.sent_on,
            letter.working_days,
            on,
            warn,
            calendar,
            letter.answered_on,
        )
    for row in rows:
        name, began_on = row.name, row.created_at.astimezone(BEIJING).date()
        if row.due_on is not None and row.id not in asked:
            kind = _KINDS.get(row.due_for or "", DueKind.OTHER)
            yield on_a_day(kind, row.id, name, began_on, row.due_on, on, warn)
        elif row.state is State.DONE and row.recommendation == "correct" and row.id not in asked:
            days = load_deadlines().notice_working_days
            yield in_working_days(DueKind.NOTICE, row.id, name, began_on, days, on, warn, calendar)


def _cases(store: Store) -> Iterator[ReviewRow]:
    """Applications that nobody has decided."""
    after = None
    while True:
        rows, after = list_reviews(store, Filters(decided=False), after, _PAGE)
        yield from (
            row for row in rows if row.purpose == "application" and row.state not in (State.FAILED, State.CANCELLED)
        )
        if after is None:
            return


def _post(settings: Settings, subscription: Subscription, due: Due, event: str, now: dt.datetime) -> bool:
    """The thin message, signed: which deadline, not whose. Its id is the same at every attempt."""
    body = json.dumps(
        {
            "type": event,
            "timestamp": now.isoformat().replace("+00:00", "Z"),
            "data": {
                "kind": due.kind.value,
                "subject": due.subject,
                "due_on": due.due_on.isoformat() if due.due_on else None,
                "days_left": due.days_left,
                "path": "/due",
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    message = "due_" + hashlib.sha256(f"{subscription.id}\n{due.item}\n{event}".encode()).hexdigest()[:32]
    try:
        target = webhooks.resolve(subscription.url, settings.webhook_hosts)
        head = webhooks.headers(
            message, body, subscription.secrets, now, settings.webhook_sm3 and webhooks.sm3_at_hand()
        )
    except InputError:
        return False
    return webhooks.post(target, body, head).delivered
