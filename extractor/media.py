"""What kind of file some bytes are: by their first bytes, and for archives by what they hold; names and extensions count for nothing."""

import re

from extractor.archive import Archive
from extractor.images import sniff
from models.errors import InputError, UnsupportedFile

PDF = "application/pdf"
OFD = "application/ofd"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
ENCRYPTED_OFFICE = "application/vnd.ms-office-encrypted"

_HEIC = (
    "不支持 HEIC 照片，请另存为 JPEG 后上传（苹果手机：设置 › 相机 › 格式 › 兼容性最佳）。 HEIC pictures cannot be read here; "
    "please save as JPEG and upload again (iPhone: Settings › Camera › Formats › Most Compatible)."
)
_RAR = (
    "不支持 RAR、7z 压缩包，请改用 ZIP 打包后上传。 "
    "RAR and 7z archives cannot be read here; please pack as ZIP and upload again."
)
_ADVICE = {
    re.compile(rb".{4}ftyp(hei[cmsx]|hevc|mi[af]1|msf1)", re.DOTALL): _HEIC,
    re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c"): _RAR,
}
"""How files begin that are often sent and cannot be read, and what to do about it."""

_ZIP_MARKS = (b"PK\3\4", b"PK\5\6")
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_ZIP = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
# Names of streams in the directory of an OLE file, which holds them in UTF-16.
_IN_OLE = {"EncryptedPackage": ENCRYPTED_OFFICE, "WordDocument": DOC, "Workbook": XLS, "Book": XLS}


def media_type(data: bytes) -> str:
    """The media type, "" for what the review does not read. A zip that cannot be looked into is a zip."""
    if data.startswith(_ZIP_MARKS):
        try:
            archive = Archive(data)
        except InputError:
            return ZIP
        return next((kind for name, kind in _IN_ZIP.items() if name in archive), ZIP)
    if data.startswith(_OLE_MARK):
        return next((kind for name, kind in _IN_OLE.items() if (name + "\0").encode("utf-16-le") in data), "")
    return sniff(data)


def unsupported(data: bytes) -> UnsupportedFile:
    """The error for bytes without a media type, with advice where it is known what they are."""
    return UnsupportedFile(next((advice for mark, advice in _ADVICE.items() if mark.match(data)), None))
