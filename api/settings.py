"""One frozen value with everything that an operator can set, built where a command starts and passed down."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from matchers.rules import Rules, RulesInvalid, load_rules, parse_rules
from models.errors import InputError

MEGA = 1_000_000

Recognition = Literal["auto", "openvino", "onnxruntime", "paddle"]
RECOGNITION: tuple[Recognition, ...] = ("auto", "openvino", "onnxruntime", "paddle")


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits guard against hostile files.

    `ocr` is what recognises text: the default engine on the runtime named (auto, openvino, onnxruntime), or PaddleOCR (paddle) with
    the models in `ocr_models`, if any, on `ocr_device`. What it reads with doubt in every way is read by `ocr_second` at last, if set.

    The service keeps its state at `database_url` (SQLite or PostgreSQL) and `store_url` (a folder or any fsspec URL), both in `data`
    unless set; `store_key` (32 bytes as base64) encrypts the files at rest. A worker process feeds `workers` readers (0: one for
    each core), each of at most `worker_mb` of memory and `reader_threads` threads (0: as many as are of use), with `pages_per_part`
    pages at a time and `page_seconds` for one page. A
    reader makes way for a fresh one at `recycle_mb`. New reviews are turned away when `queue_limit` are under way or less than
    `min_free_mb` of disk or memory is left. A worker silent for `lapse_seconds` is taken for dead. `webhook_hosts` are the names that
    webhooks may reach although they are private addresses. `publication_url` is the gateway that takes 失信公示 records, with its token.
    `retention` says how many days which papers stay (review=2190,other=365).
    Who signed in at the page must do so again after `session_minutes` without a request, and after `session_hours` in any case.
    People can also sign in through the OpenID Connect provider `oidc_issuer`, which knows the service as `oidc_client`.
    Commands read files in processes of their own unless `in_process`; with `resume` they keep recognised pages of long files until the
    work is done, and so go on where one was interrupted.
    Of cases in which nothing was found, `reinspect_percent` in a hundred are drawn for re-inspection, by their ids and `reinspect_seed`.
    `rules` are those of the route by which applications are judged, read from the file that ZHENGSHEN_RULES names.
    """

    data: Path = field(default_factory=lambda: Path("data"))
    max_file_bytes: int = 300 * MEGA
    max_pages: int = 2_000
    max_pixels: int = 120 * MEGA
    ocr: Recognition = "auto"
    ocr_models: Path | None = None
    ocr_device: str = "cpu"
    ocr_second: Recognition | None = None
    database_url: str = ""
    store_url: str = ""
    store_key: str | None = field(default=None, repr=False)
    workers: int = 0
    reader_threads: int = 0
    worker_mb: int = 4_000
    recycle_mb: int = 1_500
    pages_per_part: int = 16
    in_process: bool = False
    resume: bool = True
    page_seconds: int = 60
    lapse_seconds: int = 15
    queue_limit: int = 1_000
    min_free_mb: int = 200
    max_request_bytes: int = 600 * MEGA
    requests_per_minute: int = 600
    webhook_hosts: tuple[str, ...] = ()
    webhook_sm3: bool = False
    publication_url: str = ""
    publication_token: str = field(default="", repr=False)
    retention: str = ""
    reinspect_percent: int = 5
    reinspect_seed: str = ""
    session_minutes: int = 60
    session_hours: int = 12
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    rules: Rules = field(default_factory=load_rules, repr=False)

    def __post_init__(self) -> None:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data / 'zhengshen.db'}")
        if not self.store_url:
            object.__setattr__(self, "store_url", str(self.data / "blobs"))
        if not self.workers:
            object.__setattr__(self, "workers", len(os.sched_getaffinity(0)))

    @property
    def registry(self) -> Path:
        """Where `registry import` keeps snapshots and `review` looks for them unless told otherwise."""
        return self.data / "registry"

    @property
    def live_cache(self) -> Path:
        """In which file the processes of this machine keep what live registries told them."""
        return self.data / "cache" / "live.sqlite"

    @property
    def jobs_url(self) -> str:
        """Where the job engine keeps its tables: a file beside SQLite's, or a schema of its own in the same PostgreSQL database."""
        if self.database_url.startswith("sqlite"):
            stem, dot, suffix = self.database_url.rpartition(".")
            return f"{stem}-jobs{dot}{suffix}" if dot else f"{self.database_url}-jobs"
        return "postgresql://" + self.database_url.split("://", 1)[1]


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read the variables named ZHENGSHEN_…, of which the README has the table; InputError names the one that is wrong."""
    default = Settings()
    return Settings(
        data=Path(environment.get("ZHENGSHEN_DATA", str(default.data))),
        max_file_bytes=_number(environment, "ZHENGSHEN_MAX_MB", default.max_file_bytes // MEGA) * MEGA,
        max_pages=_number(environment, "ZHENGSHEN_MAX_PAGES", default.max_pages),
        max_pixels=_number(environment, "ZHENGSHEN_MAX_MEGAPIXELS", default.max_pixels // MEGA) * MEGA,
        ocr=_recognition(environment, "ZHENGSHEN_OCR") or default.ocr,
        ocr_models=Path(models) if (models := environment.get("ZHENGSHEN_OCR_MODELS")) else None,
        ocr_device=environment.get("ZHENGSHEN_OCR_DEVICE") or default.ocr_device,
        ocr_second=_recognition(environment, "ZHENGSHEN_OCR_SECOND"),
        database_url=_database(environment),
        store_url=environment.get("ZHENGSHEN_STORE_URL", ""),
        store_key=environment.get("ZHENGSHEN_STORE_KEY") or None,
        workers=_number(environment, "ZHENGSHEN_WORKERS", default.workers),
        reader_threads=_number(environment, "ZHENGSHEN_READER_THREADS", default.reader_threads),
        worker_mb=_number(environment, "ZHENGSHEN_WORKER_MB", default.worker_mb),
        recycle_mb=_number(environment, "ZHENGSHEN_RECYCLE_MB", default.recycle_mb),
        pages_per_part=_number(environment, "ZHENGSHEN_PAGES_PER_PART", default.pages_per_part),
        in_process=_switch(environment, "ZHENGSHEN_IN_PROCESS"),
        resume=not _switch(environment, "ZHENGSHEN_NO_RESUME"),
        page_seconds=_number(environment, "ZHENGSHEN_PAGE_SECONDS", default.page_seconds),
        lapse_seconds=_number(environment, "ZHENGSHEN_LAPSE_SECONDS", default.lapse_seconds),
        queue_limit=_number(environment, "ZHENGSHEN_QUEUE_LIMIT", default.queue_limit),
        min_free_mb=_number(environment, "ZHENGSHEN_MIN_FREE_MB", default.min_free_mb),
        max_request_bytes=_number(environment, "ZHENGSHEN_MAX_REQUEST_MB", default.max_request_bytes // MEGA) * MEGA,
        requests_per_minute=_number(environment, "ZHENGSHEN_REQUESTS_PER_MINUTE", default.requests_per_minute),
        webhook_hosts=tuple(environment.get("ZHENGSHEN_WEBHOOK_HOSTS", "").lower().replace(",", " ").split()),
        webhook_sm3=_switch(environment, "ZHENGSHEN_WEBHOOK_SM3"),
        publication_url=environment.get("ZHENGSHEN_PUBLICATION_URL", "").strip(),
        publication_token=environment.get("ZHENGSHEN_PUBLICATION_TOKEN", "").strip(),
        retention=environment.get("ZHENGSHEN_RETENTION", ""),
        reinspect_percent=_percent(environment, "ZHENGSHEN_REINSPECT_PERCENT", default.reinspect_percent),
        reinspect_seed=environment.get("ZHENGSHEN_REINSPECT_SEED", ""),
        session_minutes=_number(environment, "ZHENGSHEN_SESSION_MINUTES", default.session_minutes),
        session_hours=_number(environment, "ZHENGSHEN_SESSION_HOURS", default.session_hours),
        oidc_issuer=environment.get("ZHENGSHEN_OIDC_ISSUER", ""),
        oidc_client=environment.get("ZHENGSHEN_OIDC_CLIENT", ""),
        oidc_secret=environment.get("ZHENGSHEN_OIDC_SECRET", ""),
        rules=_rules(environment.get("ZHENGSHEN_RULES", "")),
    )


def _rules(path: str) -> Rules:
    """The rules of a route; InputError says what is wrong with the file before any work is done."""
    try:
        return parse_rules(Path(path).read_bytes()) if path else load_rules()
    except (OSError, RulesInvalid) as error:
        raise InputError(f"规则文件无法使用（{error}）。 The file of rules {path} cannot be used ({error}).") from error


def _recognition(environment: Mapping[str, str], name: str) -> Recognition | None:
    wanted = environment.get(name)
    if wanted is not None and wanted not in RECOGNITION:
        raise InputError(
            f"环境变量 {name} 应为 {'、'.join(RECOGNITION)} 之一，现为 {wanted!r}。 {name} must be one of {', '.join(RECOGNITION)}."
        )
    return next((way for way in RECOGNITION if way == wanted), None)


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise InputError(
            f"环境变量 {name} 应为正整数，现为 {text!r}。 {name} must be a positive whole number, not {text!r}."
        )
    return int(text)


def _percent(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isdecimal() or int(text) > 100:
        raise InputError(
            f"环境变量 {name} 应为 0 至 100 的整数，现为 {text!r}。 {name} must be a whole number from 0 to 100, not {text!r}."
        )
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip()
    if text not in ("", "0", "1"):
        raise InputError(f"环境变量 {name} 应为 0 或 1，现为 {text!r}。 {name} must be 0 or 1, not {text!r}.")
    return text == "1"


def _database(environment: Mapping[str, str]) -> str:
    url = environment.get("ZHENGSHEN_DATABASE_URL", "").strip()
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise InputError(
            "环境变量 ZHENGSHEN_DATABASE_URL 应以 sqlite:/// 或 postgresql:// 开头。 "
            "ZHENGSHEN_DATABASE_URL must begin with sqlite:/// or postgresql://."
        )
    return url
