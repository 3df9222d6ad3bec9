"""The commands that run the service: everything on one machine, or more workers."""

import click

from api.settings import Settings
from api.terminal import NOTHING_TO_OBJECT
from models.errors import InputError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。 Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535), help="端口。 Port; 0: any.")
@click.pass_obj
def serve(settings: Settings, host: str, port: int) -> int:
    """启动服务：HTTP 接口、审查页面与工作进程。 Run the service: HTTP, the reviewer's page and workers."""
    from api import logs
    from api.serve import run_server

    logs.configure()
    first_key(settings)
    try:
        run_server(settings, host, port, lambda address: click.echo(f"证审 zhengshen：{address}", err=True))
    except OSError as error:
        raise InputError(
            f"无法监听 {host}:{port}：{error.strerror}。 Cannot listen on {host}:{port}: {error.strerror}."
        ) from error
    return NOTHING_TO_OBJECT


@click.command()
@click.pass_obj
def worker(settings: Settings) -> int:
    """增加一个工作进程，可在其他机器上（需 PostgreSQL 与共享文件存储）。 Add a worker, on other machines too."""
    from api import logs
    from api.worker import run_worker

    logs.configure()
    run_worker(settings)
    return NOTHING_TO_OBJECT


def first_key(settings: Settings) -> None:
    """Make and show a key and an administrator where none exists yet: nothing is open by default, and somebody must be able to begin."""
    from api import clock
    from api.jobs.client import open_jobs
    from api.store.keys import Scope, create_key, list_keys
    from api.store.opened import open_store
    from api.store.people import Role, create_person, list_people

    store = open_store(settings)
    open_jobs(settings).close()
    if not list_keys(store):
        _, text = create_key(store, "first", tuple(Scope), actor="serve", now=clock.now())
        click.echo(
            f"首次启动，已创建 API 密钥（只显示这一次）。 First start; the API key, shown only now:\n{text}", err=True
        )
    if not list_people(store):
        _, once = create_person(store, "admin", "管理员", tuple(Role), actor="serve", now=clock.now())
        click.echo(
            "首次启动，已创建管理员；首次登录须更改密码（只显示这一次）。 The first administrator; the password is to be changed at the "
            f"first log-in and is shown only now:\nadmin  {once}",
            err=True,
        )
    store.close()
