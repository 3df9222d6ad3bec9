"""The whole exchange: hand in the papers of a case, wait for the end, take the report and the draft 附表.

python -m samples.client.client CASE_FOLDER --url http://127.0.0.1:8000 --key zs_…  (or the key in ZHENGSHEN_KEY)
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
    options = parser.parse_args()
    papers = [path for path in sorted(options.case.iterdir()) if path.is_file() and path.suffix != ".json"]
    with httpx.Client(base_url=options.url, headers={"Authorization": f"Bearer {options.key}"}, timeout=60) as http:
        service = Zhengshen(http)
        review_id = service.submit(papers, str(uuid.uuid4()), as_of="2026-11-01")
        review = service.wait(review_id)
        print(review["state"], review["recommendation"], review["objections"])
        if review["state"] == "done":
            Path(f"{review_id}.json").write_bytes(service.take(review_id, "report"))
            Path(f"{review_id}-annex.xlsx").write_bytes(service.take(review_id, "annex"))


if __name__ == "__main__":
    main()
