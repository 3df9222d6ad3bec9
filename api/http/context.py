"""What every route needs, made once when the app starts: settings, store, jobs, keys, desks."""

from dataclasses import dataclass, field

from fastapi import Request

from api.http.drawing import Drawing
from api.http.drawn import Drawn
from api.http.metrics import Meters
from api.http.rates import Rates
from api.http.shelf import Shelf
from api.jobs.client import Jobs
from api.jobs.desk import Desks
from api.settings import Settings
from api.store.keys import KeyRing
from api.store.opened import Store
from api.store.retention import Retention, retention_of


@dataclass(frozen=True, slots=True)
class Context:
    """Everything behind the routes; nothing in it is global."""

    settings: Settings
    store: Store
    jobs: Jobs
    keys: KeyRing
    desks: Desks
    rates: Rates
    meters: Meters
    logins: Rates
    drawn: Drawn = field(default_factory=Drawn)
    drawing: Drawing = field(default_factory=Drawing)
    shelf: Shelf = field(default_factory=Shelf)
    retention: Retention = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "retention", retention_of(self.settings.retention))


def context_of(request: Request) -> Context:
    """The app's context."""
    found: Context = request.app.state.context
    return found
