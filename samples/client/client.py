"""The whole exchange: hand in the papers of a case, wait for the end, take the report and the draft 附表.

python -m samples.client.client CASE_FOLDER --url http://127.0.0.1:8000 --key zs_…  (or the key in ZHENGSHEN_KEY)

With `--callback URL whsec_…` the service tells that address of the end, as `samples.client.receiver` verifies it; one on this
machine is reached where the service runs with ZHENGSHEN_WEBHOOK_HOSTS=127.0.0.1.
"""

import argparse
import json
import os
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ENDS = {"done", "failed", "cancelled"}


@dataclass(frozen=True, slots=True)
class Zhengshen:
    """The service as seen by an approval system. httpx.HTTPStatusError carries the problem that it answered with."""

    http: httpx.Client

    def submit(self, papers: Sequence[Path], idempotency_key: str, **request: Any) -> str:
        """Hand in papers; the review's id. Sending the same again under the same key is harmless."""
        files = [("files", (path.name, path.read_bytes())) for path in papers]
        headers = {"Idempotency-Key": idempotency_key}
        answer = self.http.post("/v1/reviews", files=files, data={"data": json.dumps(request)}, headers=headers)
        return str(answer.raise_for_status().json()["id"])

    def wait(self, review_id: str, seconds: float = 600) -> dict[str, Any]:
        """The review once it has ended; TimeoutError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            answer = self.http.get(f"/v1/reviews/{review_id}").raise_for_status()
            review: dict[str, Any] = answer.json()
            if review["state"] in ENDS:
                return review
            print(f"{review['state']} {review['progress']['pages_done']}/{review['progress']['pages_total']}")
            time.sleep(float(answer.headers["Retry-After"]))
        raise TimeoutError(review_id)

    def take(self, review_id: str, what: str) -> bytes:
        """`report`, `annex`, `notice`, `report.html` or `report.xlsx`."""
        return self.http.get(f"/v1/reviews/{review_id}/{what}").raise_for_status().content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", default=os.environ.get("ZHENGSHEN_KEY", ""))
    parser.add_argument("--callback", nargs=2, metavar=("URL", "SECRET"))
    parser.add_argument("--into", type=Path, default=Path("build"), help="folder for report and draft")
    options = parser.parse_args()
    papers = [path for path in sorted(options.case.iterdir()) if path.is_file() and path.suffix != ".json"]
    with httpx.Client(base_url=options.url, headers={"Authorization": f"Bearer {options.key}"}, timeout=60) as http:
        service = Zhengshen(http)
        callback = (
            {"callback": {"url": options.callback[0], "secrets": options.callback[1:]}} if options.callback else {}
        )
        review_id = service.submit(papers, str(uuid.uuid4()), as_of="2026-11-01", **callback)
        review = service.wait(review_id)
        print(review["state"], review["recommendation"], review["objections"])
        if review["state"] == "done":
            options.into.mkdir(parents=True, exist_ok=True)
            for what, name in (("report", f"{review_id}.json"), ("annex", f"{review_id}-附表.xlsx")):
                (options.into / name).write_bytes(service.take(review_id, what))
                print(options.into / name)


if __name__ == "__main__":
    main()
