"""The commands on people who sign in at the page: add one, give a new password, shut one out, list them."""

import click

from api.options import acting, opened
from api.settings import Settings
from api.terminal import NOTHING_TO_OBJECT, echo_json

ROLES = ("reviewer", "second_reviewer", "auditor", "registrar", "admin")


@click.group()
def people() -> None:
    """审查页面的用户。 People who sign in at the page."""


@people.command()
@click.argument("login")
@click.option("--name", required=True, help="姓名。 The person's name.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="角色，可多次。 Role.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def create(settings: Settings, login: str, name: str, roles: tuple[str, ...], as_json: bool) -> int:
    """添加用户；一次性密码只显示这一次。 Add a person; the password for the first log-in is shown only now."""
    from api import clock
    from api.store.people import Role, create_person

    with opened(settings) as store:
        person, once = create_person(
            store, login, name, [Role(role) for role in roles], actor=acting(), now=clock.now()
        )
    return _shown(person.login, once or "", as_json)


@people.command()
@click.argument("login")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def reset(settings: Settings, login: str, as_json: bool) -> int:
    """重置密码并解除锁定。 Give a new password for once; sessions end and a lock is lifted."""
    from api import clock
    from api.store.people import person_by_login, reset_password

    with opened(settings) as store:
        person = person_by_login(store, login)
        once = reset_password(store, person.id, actor=acting(), now=clock.now())
    return _shown(person.login, once, as_json)


@people.command()
@click.argument("login")
@click.pass_obj
def disable(settings: Settings, login: str) -> int:
    """停用用户，立即结束其会话。 The person cannot sign in any more; sessions end at once."""
    from api import clock
    from api.store.people import disable_person, person_by_login

    with opened(settings) as store:
        person = person_by_login(store, login)
        disable_person(store, person.id, actor=acting(), now=clock.now())
    click.echo(f"用户 {person.login} 已停用。 {person.login} cannot sign in any more.")
    return NOTHING_TO_OBJECT


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> int:
    """列出全部用户。 List everybody."""
    from api.store.people import list_people

    with opened(settings) as store:
        found = list_people(store)
    if as_json:
        entries = [
            {
                "id": person.id,
                "login": person.login,
                "name": person.name,
                "roles": sorted(person.roles),
                **{
                    moment: (at := getattr(person, moment)) and at.isoformat(timespec="seconds")
                    for moment in ("created_at", "disabled_at", "signed_in_at")
                },
            }
            for person in found
        ]
        echo_json({"people": entries})
        return NOTHING_TO_OBJECT
    for person in found:
        state = "停用 disabled" if person.disabled_at else "可登录 may sign in"
        seen = f"{person.signed_in_at:%Y-%m-%d %H:%M}" if person.signed_in_at else "从未登录 never"
        click.echo(f"{person.login}  {state}  {','.join(sorted(person.roles))}  {seen}  {person.name}")
    if not found:
        click.echo("没有用户。 There is nobody.")
    return NOTHING_TO_OBJECT


def _shown(login: str, once: str, as_json: bool) -> int:
    if as_json:
        echo_json({"login": login, "password": once})
    else:
        click.echo(
            f"{login} 的一次性密码（只显示这一次）。 The password of {login} for once, shown only now:", err=True
        )
        click.echo(once)
    return NOTHING_TO_OBJECT
