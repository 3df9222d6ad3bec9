"""Signatures and revisions of PDF files: signed with a key made here, damaged, appended to, and plain hostile."""

import datetime as dt
import io
import sys
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extractor.document import read
from extractor.revisions import count_revisions
from extractor.signatures import signature_facts
from tests.extractor.drawn import file, pdf, text

PAGE = pdf(text(50, 200, "CNAS L0001"))


@cache
def signer(name: str) -> object:
    """Someone with a key and a certificate that nobody vouches for."""
    from pyhanko.sign import signers

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 7, day, day + dt.timedelta(days=3650))
    usage = x509.KeyUsage(True, True, *[False] * 7)
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    store = serialization.pkcs12.serialize_key_and_certificates(
        b"key", key, certificate, None, serialization.NoEncryption()
    )
    made = signers.SimpleSigner.load_pkcs12_data(store, other_certs=[], passphrase=None)
    assert made is not None
    return made


def signed(data: bytes, name: str = "中国合格评定国家认可委员会", field: str = "Signature1") -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)),
        signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256"),
        signer=signer(name),  # type: ignore[arg-type]
        output=out,
    )
    return out.getvalue()


def appended(data: bytes) -> bytes:
    """Saved once more, with something added at the end."""
    from pyhanko.pdf_utils.generic import DictionaryObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.add_object(DictionaryObject())
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_signed_file() -> None:
    info = read(signed(PAGE), "a.pdf").info
    assert info["signatures"] == "1"
    assert info["signature_valid"] == "true"
    assert info["signed_by"] == "中国合格评定国家认可委员会"
    assert info["covers_whole_file"] == "true"
    assert info["revisions"] == "2"
    assert dt.datetime.fromisoformat(info["signed_on"]).tzinfo is not None


def test_one_changed_byte() -> None:
    data = signed(PAGE).replace(b"CNAS L0001", b"CNAS L0002", 1)
    facts = signature_facts(data)
    assert facts["signature_valid"] == "false"
    assert facts["signed_by"] == "中国合格评定国家认可委员会"


def test_something_appended_after_the_signature() -> None:
    info = read(appended(signed(PAGE)), "a.pdf").info
    assert info["signature_valid"] == "true"
    assert info["covers_whole_file"] == "false"
    assert info["revisions"] == "3"


def test_two_signers() -> None:
    facts = signature_facts(signed(signed(PAGE, "甲"), "乙", "Signature2"))
    assert facts["signatures"] == "2"
    assert facts["signed_by"] == "甲；乙"
    assert (facts["signature_valid"], facts["covers_whole_file"]) == ("true", "true")


def test_a_signature_that_is_no_more_readable() -> None:
    data = signed(PAGE)
    start = data.index(b"/Contents <") + len(b"/Contents <")
    facts = signature_facts(data[:start] + b"0" * 200 + data[start + 200 :])
    assert facts["signatures"] == "1"
    assert facts["signature_valid"] == "unknown"
    assert "signed_by" not in facts


@pytest.mark.parametrize("data", [b"", b"/ByteRange", b"%PDF-1.7 /ByteRange [0 1 2 3]" * 50, PAGE + b"/ByteRange"])
def test_what_only_looks_signed(data: bytes) -> None:
    assert signature_facts(data).get("signature_valid", "unknown") == "unknown"


def test_files_without_a_signature_do_not_load_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("pyhanko")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    assert read(PAGE, "a.pdf").info["signatures"] == "0"


def with_previous(previous: int) -> bytes:
    """A file whose only section names another one."""
    return file(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 0 /Kids [] >>"}, b"/Prev %d" % previous
    )


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (PAGE, 1),
        (PAGE + b"% %%EOF in a remark %%EOF\n", 1),
        (b"", None),
        (b"%PDF-1.7 startxref", None),
        (b"startxref 99999999999", None),
        (PAGE[:-40], None),
        (with_previous(3), None),
        (with_previous(10**9), None),
    ],
)
def test_revisions(data: bytes, count: int | None) -> None:
    assert count_revisions(data) == count


def test_every_save_that_appends_counts() -> None:
    twice = appended(PAGE)
    assert (count_revisions(twice), count_revisions(appended(twice))) == (2, 3)


def test_sections_that_name_each_other_in_a_circle() -> None:
    place = with_previous(0).rindex(b"xref\n0")
    assert count_revisions(with_previous(place)) is None
