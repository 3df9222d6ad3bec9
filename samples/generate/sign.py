"""Signs a PDF digitally, with a key and a certificate made for the name that signs and vouched for by nobody."""

import datetime as dt
import hashlib
import io
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def signed(pdf: bytes, name: str) -> bytes:
    """The file with one signature of `name` over all of it; the time inside is that of signing."""
    out = io.BytesIO()
    about = signers.PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha512")
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer=_signer(name), output=out)
    return out.getvalue()


def appended(pdf: bytes) -> bytes:
    """The file saved once more, with an object added at its end."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.add_object(DictionaryObject())
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def altered(pdf: bytes) -> bytes:
    """The file with one digit of its first line, its version, changed in place: nothing moves, and no signature fits any more."""
    at = len(b"%PDF-1.")
    digit = b"6" if pdf[at : at + 1] != b"6" else b"5"
    return pdf[:at] + digit + pdf[at + 1 :]


@cache
def _signer(name: str) -> signers.SimpleSigner:
    key = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(True, True, *[False] * 7)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 7, _FROM, _FROM + dt.timedelta(days=7300))
    certificate = builder.add_extension(usage, critical=True).sign(key, None)
    store = pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, NoEncryption())
    made = signers.SimpleSigner.load_pkcs12_data(store, other_certs=[], passphrase=None)
    if made is None:
        raise ValueError("the key could not be loaded")
    return made
