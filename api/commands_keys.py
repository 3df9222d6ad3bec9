"""The commands on API keys: make one, put another in its place, take one back, list them."""

import datetime as dt

import click

from api.options import acting, opened
from api.settings import Settings
from api.terminal import NOTHING_TO_OBJECT, echo_json

SCOPES = ("submit", "read", "review", "audit", "admin")


@click.group()
def keys() -> None:
    """API 密钥。 Keys to the service."""


@keys.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="权限，可多次。 Scope."
)
@click.option("--days", type=click.IntRange(1), metavar="N", help="有效天数，默认不限。 Days until it ends.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def create(settings: Settings, name: str, scopes: tuple[str, ...], days: int | None, as_json: bool) -> int:
    """创建密钥；密钥文字只显示这一次。 Make a key; its text is shown only now."""
    from api import clock
    from api.store.keys import Scope, create_key

    now = clock.now()
    ends = None if days is None else now + dt.timedelta(days=days)
    with opened(settings) as store:
        key, text = create_key(
            store, name, [Scope(scope) for scope in scopes], actor=acting(), now=now, expires_at=ends
        )
    return _shown(key.id, text, as_json)


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option(
    "--overlap-hours",
    default=24,
    show_default=True,
    type=click.IntRange(0),
    help="旧密钥继续有效的小时数。 Hours for which the former still opens.",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def rotate(settings: Settings, key_id: str, overlap_hours: int, as_json: bool) -> int:
    """以新密钥替换旧密钥。 Put a new key in the place of another."""
    from api import clock
    from api.store.keys import rotate_key

    overlap = dt.timedelta(hours=overlap_hours)
    with opened(settings) as store:
        key, text = rotate_key(store, key_id, actor=acting(), now=clock.now(), overlap=overlap)
    return _shown(key.id, text, as_json)


@keys.command()
@click.argument("key_id", metavar="ID")
@click.pass_obj
def revoke(settings: Settings, key_id: str) -> int:
    """立即停用密钥。 Take a key back; it opens nothing from now on."""
    from api import clock
    from api.store.keys import revoke_key

    with opened(settings) as store:
        revoke_key(store, key_id, actor=acting(), now=clock.now())
    click.echo(f"密钥 {key_id} 已停用。 Key {key_id} opens nothing any more.")
    return NOTHING_TO_OBJECT


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> int:
    """列出全部密钥。 List every key."""
    from api import clock
    from api.store.keys import list_keys

    now = clock.now()
    with opened(settings) as store:
        found = list_keys(store)
    if as_json:
        entries = [
            {
                "id": key.id,
                "name": key.name,
                "scopes": sorted(key.scopes),
                "opens": key.valid_at(now),
                **{
                    moment: (at := getattr(key, moment)) and at.isoformat(timespec="seconds")
                    for moment in ("created_at", "expires_at", "revoked_at", "last_used_at")
                },
                "replaces": key.replaces,
            }
            for key in found
        ]
        echo_json({"keys": entries})
        return NOTHING_TO_OBJECT
    for key in found:
        state = "有效 opens" if key.valid_at(now) else "失效 ended"
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "未使用 unused"
        click.echo(f"{key.id}  {state}  {','.join(sorted(key.scopes))}  {used}  {key.name}")
    if not found:
        click.echo("没有密钥。 There are no keys.")
    return NOTHING_TO_OBJECT


def _shown(key_id: str, text: str, as_json: bool) -> int:
    if as_json:
        echo_json({"id": key_id, "key": text})
    else:
        click.echo(f"密钥 {key_id}（只显示这一次）。 Key {key_id}, shown only now:", err=True)
        click.echo(text)
    return NOTHING_TO_OBJECT
