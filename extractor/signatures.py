"""Digital signatures in a PDF, as far as they can be judged without asking anybody: who signed, what, and whether it is unchanged."""

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

_MARK = b"/ByteRange"
_MOST = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Signature:
    is_timestamp: bool
    signer: str
    signed_on: str
    valid: bool | None
    covers_file: bool


def signature_facts(data: bytes) -> Mapping[str, str]:
    """The facts on signatures that `Document.info` names. Certificates are not traced to a root, nor asked whether they were revoked.

    Without a signature this costs one search through the bytes.
    """
    if _MARK not in data:
        return {"signatures": "0"}
    try:
        found = _read(data)
    except Exception:  # what the library makes of damage has no common type
        _log.info("signatures could not be read", exc_info=True)
        found = []
    signed = [signature for signature in found if not signature.is_timestamp]
    if not signed:  # there is a mark, and no signature that can be understood
        return {"signatures": str(min(data.count(_MARK), _MOST)), "signature_valid": "unknown"}
    verdicts = [signature.valid for signature in signed]
    return {
        "signatures": str(len(signed)),
        "signature_valid": "false" if False in verdicts else "unknown" if None in verdicts else "true",
        "signed_by": "；".join(dict.fromkeys(s.signer for s in signed if s.signer)),
        "signed_on": "；".join(s.signed_on for s in signed if s.signed_on),
        "covers_whole_file": "true" if any(s.covers_file for s in found) else "false",
    }


def _read(data: bytes) -> list[_Signature]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(data), strict=False)
    return [_judged(signature) for signature in islice(reader.embedded_signatures, _MOST)]


def _judged(signature: "EmbeddedPdfSignature") -> _Signature:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    covers: SignatureCoverageLevel = _or_none(signature.evaluate_signature_coverage)
    moment = _or_none(lambda: signature.self_reported_timestamp)
    return _Signature(
        is_timestamp=signature.sig_object_type == "/DocTimeStamp",
        signer=_or_none(lambda: _name(signature)) or "",
        signed_on=moment.isoformat() if moment else "",
        valid=_or_none(lambda: _unchanged(signature)),
        covers_file=covers is SignatureCoverageLevel.ENTIRE_FILE,
    )


def _unchanged(signature: "EmbeddedPdfSignature") -> bool:
    """Whether what was signed still has its digest, and that digest the signer's signature. Fails for algorithms that nobody here knows."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    content = signature.signed_data["encap_content_info"]
    if content["content"].native is not None:  # the old kind that signs a digest inside of itself
        raise NotImplementedError
    intact, valid = validate_sig_integrity(
        signature.signer_info, signature.signer_cert, content["content_type"].native, signature.compute_digest()
    )
    return bool(intact and valid)


def _name(signature: "EmbeddedPdfSignature") -> str:
    """The certificate's common name, else the organisation's."""
    subject = signature.signer_cert.subject.native
    return str(subject.get("common_name") or subject.get("organization_name") or "")


def _or_none(ask: Any) -> Any:
    try:
        return ask()
    except Exception:
        _log.info("part of a signature could not be read", exc_info=True)
        return None
