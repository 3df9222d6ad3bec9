"""What answers look like, for the OpenAPI description."""

from typing import Any

REVIEW: dict[str, Any] = {
    "id": "rev_01a203f0ab977a7eb97541b4ed2179c0",
    "state": "reading",
    "purpose": "application",
    "as_of": "2026-11-01",
    "created_at": "2026-11-01T08:00:00Z",
    "updated_at": "2026-11-01T08:00:04Z",
    "finished_at": None,
    "progress": {"pages_done": 12, "pages_total": 60, "note": "附件.pdf"},
    "recommendation": None,
    "objections": {"blocking": 0, "major": 0, "minor": 0},
    "name": "",
    "unified_social_credit_code": "",
    "registration_number": "",
    "certificate_number": "",
    "error": None,
    "due_on": None,
    "expires_at": None,
    "legal_hold": False,
    "files": [],
    "links": {"self": "/v1/reviews/rev_01a203f0ab977a7eb97541b4ed2179c0"},
}
SNAPSHOT: dict[str, Any] = {
    "id": "snap_01a203f199be906de1e91af226914efa",
    "kind": "cma",
    "as_of": "2026-10-30",
    "age_days": 2,
    "sha256": "a315828a1d075841e2407e3d6a875b981735e2754a75ff81d0506de25534eec5",
    "source": "cma.csv",
    "rows": 3,
    "notices": [],
    "uploaded_at": "2026-11-01T08:00:00Z",
    "active": True,
}
SUBSCRIPTION: dict[str, Any] = {
    "id": "sub_01a203f199be906de1e91af226914ef0",
    "url": "https://approval.example.cn/hooks/zhengshen",
    "events": [],
    "created_at": "2026-11-01T08:00:00Z",
    "disabled_at": None,
    "disabled_reason": None,
    "secret": None,
}
DELIVERY: dict[str, Any] = {
    "id": "del_01a203f199be906de1e91af226914ef1",
    "review_id": "rev_01a203f0ab977a7eb97541b4ed2179c0",
    "subscription_id": "sub_01a203f199be906de1e91af226914ef0",
    "event": "review.done",
    "state": "delivered",
    "attempts": 1,
    "next_at": None,
    "delivered_at": "2026-11-01T08:01:00Z",
    "last_status": 204,
    "last_error": None,
}

REPORT: dict[str, Any] = {
    "recommendation": "human",
    "why": {"zh": "有需人工判断的差异。", "en": "A person must decide."},
    "as_of": "2026-11-01",
    "findings": [
        {
            "check": "VA-04",
            "outcome": "mismatch",
            "severity": "blocking",
            "title": {"zh": "CNAS 证书在有效期内", "en": "The CNAS certificate is in force"},
            "message": {"zh": "证书已于 2026-03-13 到期。", "en": "The certificate expired on 2026-03-13."},
            "left": {"value": "2026-03-13", "text": "2026年03月13日", "source": "text", "confidence": 1.0},
            "right": None,
            "fingerprint": "5c1f0a9d2b7e",
        }
    ],
    "rows": [{"row": {"parameter": "水分"}, "decision": "issue", "reasons": [], "suggestion": None}],
    "papers": [],
    "problems": [],
    "run": {"code": "0.1.0", "rules": "97-476f17184fcf", "engine": "", "registries": [], "seconds": 1.2},
}
PAPERS: dict[str, Any] = {
    "papers": [
        {
            "kind": "business_licence",
            "file": "营业执照.jpg",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "pages": 1,
            "confidence": 0.99,
            "fields": {"name": {"value": "海南示例检测有限公司", "confidence": 0.98, "source": "ocr"}},
            "rows": [],
        }
    ],
    "problems": [],
}
