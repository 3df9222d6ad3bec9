"""Zip archives from outside: what may be unpacked is decided by their directory, before anything is; names are never paths."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from models.errors import CorruptFile, EncryptedFile, TooLarge

MOST_ENTRIES = 2_000
MOST_BYTES = 600_000_000
MOST_RATIO = 200
"""Deflate reaches about 1,000; text and tables stay under 100."""
_RATIO_FROM = 2_000_000
"""Entries smaller than this may be packed as tightly as they like."""
MOST_XML = 80_000_000
MOST_TAGS = 4_000_000
"""Opening and closing ones: a tree takes about 250 bytes for each element."""
MOST_DEPTH = 200
_ENTRY = b"PK\1\2"
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


class Archive:
    """A zip in memory whose directory was judged. Entries are asked for by their `ZipInfo` or their exact name."""

    def __init__(self, data: bytes) -> None:
        """CorruptFile where it is no zip, TooLarge where it holds too much, too many files, or is packed too tightly to be honest."""
        if data.count(_ENTRY) > 2 * MOST_ENTRIES:  # a directory of millions would fill the memory when it is listed
            raise _too_many()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise CorruptFile from error
        self.entries = self._zip.infolist()
        if len(self.entries) > MOST_ENTRIES:
            raise _too_many()
        total = sum(entry.file_size for entry in self.entries)
        if total > MOST_BYTES:
            raise TooLarge(
                f"压缩包解开后过大（{total / 1e6:.0f} MB，上限 {MOST_BYTES / 1e6:.0f} MB），请拆分后提交。 "
                f"Unpacked, the archive would be too large ({total / 1e6:.0f} MB, at most {MOST_BYTES / 1e6:.0f} MB)."
            )
        for entry in self.entries:
            if entry.file_size > _RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
                raise TooLarge(
                    f"压缩包的压缩比异常（超过 {MOST_RATIO} 倍），已拒绝解压。 "
                    f"The archive is packed suspiciously tightly (more than {MOST_RATIO} to 1) and was not unpacked."
                )

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, entry: str | zipfile.ZipInfo) -> bytes:
        """The bytes of an entry, never more than its stated size. KeyError for an unknown name, EncryptedFile, CorruptFile."""
        info = self._zip.getinfo(entry) if isinstance(entry, str) else entry
        if info.flag_bits & 1:
            raise EncryptedFile
        try:
            return self._zip.read(info)
        except _DAMAGE as error:
            raise CorruptFile from error

    def xml(self, name: str) -> Element:
        """An entry parsed as XML without DTD, entities or outside references; CorruptFile where it is missing or none."""
        try:
            return parse_xml(self.read(name))
        except KeyError as error:
            raise CorruptFile from error


def parse_xml(data: bytes) -> Element:
    """XML without DTD, entities or outside references.

    CorruptFile where it is none or nested beyond reason; TooLarge beyond 80 MB or four million tags.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > MOST_XML or data.count(b"<") > MOST_TAGS:
        raise TooLarge(
            f"文件内部数据过大（{len(data) / 1e6:.0f} MB），请拆分后提交。 "
            f"The file holds too much data in one part ({len(data) / 1e6:.0f} MB); please split it."
        )
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise CorruptFile from error
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > MOST_DEPTH:
            raise CorruptFile
    return root


def local(element: Element) -> str:
    """The element's name without its namespace, which differs between editions of the same format."""
    return str(element.tag).rpartition("}")[2]


def _too_many() -> TooLarge:
    return TooLarge(
        f"压缩包中的文件过多（上限 {MOST_ENTRIES} 个），请拆分后提交。 "
        f"The archive holds too many files (at most {MOST_ENTRIES})."
    )
