"""A snapshot that is handed in over HTTP is followed to the issued certificates after the answer has gone out."""

from pathlib import Path

from fastapi.testclient import TestClient

from api import clock
from api.http.app import create_app
from api.settings import Settings
from api.store import Store, keys, open_store
from api.store.consequences import touched

FILES = (
    ("cma", "证书编号,机构名称,统一社会信用代码\n242120340001,海口椰风检测技术有限公司,91460100MAA9ABC12W\n"),
    ("credit", "名称,统一社会信用代码,记录类型,决定书文号,列入日期\n甲,91460000MA5TE5T076,行政处罚,1号,2026-01-01\n"),
    (
        "credit",
        "名称,统一社会信用代码,记录类型,决定书文号,列入日期\n甲,91460000MA5TE5T076,行政处罚,1号,2026-01-01\n"
        "海口椰风检测技术有限公司,91460100MAA9ABC12W,经营异常名录,8号,2026-10-08\n",
    ),
)


def test_an_uploaded_snapshot_is_followed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    store: Store = open_store(settings)
    _, text = keys.create_key(store, "registrar", [keys.Scope.ADMIN, keys.Scope.READ], actor="test", now=clock.now())
    with TestClient(create_app(settings)) as client:
        for kind, content in FILES:
            answer = client.post(
                f"/v1/registries/{kind}",
                files={"file": (f"{kind}.csv", content.encode())},
                data={"as_of": "2026-11-01"},
                headers={"Authorization": f"Bearer {text}"},
            )
            assert answer.status_code == 201, answer.text
    (found,) = touched(store)
    assert (found.check_id, found.certificate, found.subject) == ("AU-07", "242120340001", "8号")
    assert found.true_on.isoformat() == "2026-10-08"
    store.close()
