"""What can stop a file or a case, as one tree; a field that cannot be read is no error but a finding.

ReviewError
├─ InputError
│  ├─ UnsupportedFile
│  ├─ EmptyFile
│  ├─ EncryptedPdf
│  ├─ CorruptPdf
│  ├─ CorruptImage
│  ├─ EncryptedFile
│  ├─ CorruptFile
│  ├─ TooLarge
│  ├─ TooManyPages
│  └─ UnreadableFile
├─ ExtractionError
│  ├─ UnknownDocument
│  ├─ OcrUnavailable
│  └─ OcrFailed
├─ RegistryError
│  ├─ RegistryUnavailable
│  ├─ RegistryChanged
│  └─ RegistryInvalid
└─ Unread
"""


class ReviewError(Exception):
    """审查未能完成。 The review could not be completed."""

    code = "review_error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or " ".join((type(self).__doc__ or "").split()))


class InputError(ReviewError):
    """无法使用所提交的文件。 The submitted file cannot be used."""

    code = "input_error"


class UnsupportedFile(InputError):
    """不支持的文件类型，请提交 PDF、OFD、图片（JPEG、PNG、WebP、TIFF、BMP）、Word、Excel 或 ZIP。

    Unsupported file type; please submit PDF, OFD, pictures (JPEG, PNG, WebP, TIFF, BMP), Word, Excel or ZIP.
    """

    code = "unsupported_file"


class EmptyFile(InputError):
    """文件为空（0 字节或没有页面），请重新上传。 The file is empty (0 bytes or no pages); please upload it again."""

    code = "empty_file"


class EncryptedPdf(InputError):
    """PDF 已加密，请提交无打开密码的版本。 The PDF is encrypted; please submit a version that opens without a password."""

    code = "encrypted_pdf"


class CorruptPdf(InputError):
    """PDF 已损坏或不完整，请重新导出后上传。 The PDF is damaged or incomplete; please export it again and upload."""

    code = "corrupt_pdf"


class CorruptImage(InputError):
    """图片已损坏或不完整，请重新拍摄或导出后上传。 The picture is damaged or incomplete; please take or export it again."""

    code = "corrupt_image"


class EncryptedFile(InputError):
    """文件或压缩包已加密，请提交无密码的版本。 The file or archive is encrypted; please submit a version without a password."""

    code = "encrypted_file"


class CorruptFile(InputError):
    """文件或压缩包已损坏或不完整，请重新导出后上传。 The file or archive is damaged or incomplete; please export it again and upload."""

    code = "corrupt_file"


class TooLarge(InputError):
    """文件或图片过大。 The file or picture is too large."""

    code = "too_large"


class TooManyPages(InputError):
    """页数超过上限，请拆分后提交。 The file has more pages than allowed; please split it."""

    code = "too_many_pages"


class UnreadableFile(InputError):
    """读取该文件的程序两次中断（崩溃、超时或内存不足），请检查文件或由人工查看。

    Reading the file ended twice in a crash, at its time limit or out of memory; please check the file or look at it yourself.
    """

    code = "unreadable_file"


class ExtractionError(ReviewError):
    """无法从文件中读取内容。 The file's content could not be read."""

    code = "extraction_error"


class UnknownDocument(ExtractionError):
    """无法识别的材料类型。 The kind of this paper could not be recognised."""

    code = "unknown_document"


class OcrUnavailable(ExtractionError):
    """没有可用的文字识别引擎。 No text recognition engine is available."""

    code = "ocr_unavailable"


class OcrFailed(ExtractionError):
    """文字识别失败。 Text recognition failed."""

    code = "ocr_failed"


class RegistryError(ReviewError):
    """登记数据不可用。 The registry data cannot be used."""

    code = "registry_error"


class RegistryUnavailable(RegistryError):
    """未能查询登记数据。 The registry could not be asked."""

    code = "registry_unavailable"


class RegistryChanged(RegistryError):
    """登记数据接口的返回与配置不符。 The registry no longer answers as it is configured."""

    code = "registry_changed"


class RegistryInvalid(RegistryError):
    """登记数据快照格式有误。 The registry snapshot is malformed."""

    code = "registry_invalid"


class Unread(ReviewError):
    """字段未能读取。 The field could not be read."""

    code = "unread"
