"""What can go wrong with what is kept: each error says to a person what to do.

StoreError
├─ StoreUnavailable
├─ BlobMissing
├─ BlobDamaged
├─ ReviewMissing
├─ EntryMissing
├─ IdempotencyConflict
├─ EditConflict
├─ UnderLegalHold
├─ SchemaUnknown
├─ BackupUnusable
└─ NotEmpty
"""

from models.errors import InputError, ReviewError


class StoreError(ReviewError):
    """存储操作未能完成。 The store could not do what was asked."""

    code = "store_error"


class StoreUnavailable(StoreError):
    """数据库或文件存储暂时不可用，请稍后重试。 The database or the file store is away for the moment; please try again later."""

    code = "store_unavailable"


class BlobMissing(StoreError):
    """文件已不在存储中（可能已按保存期限删除）。 The file is no longer in the store; its retention may have ended."""

    code = "blob_missing"


class BlobDamaged(StoreError):
    """存储中的文件与其校验值不符，或密钥不对；请核对密钥或从备份恢复。

    A stored file does not match its hash, or the key is wrong; check the key or restore the file from a backup.
    """

    code = "blob_damaged"


class ReviewMissing(StoreError, InputError):
    """没有这一审查。 There is no such review."""

    code = "review_missing"


class EntryMissing(StoreError, InputError):
    """没有这一条目。 There is no such entry."""

    code = "entry_missing"


class IdempotencyConflict(StoreError):
    """同一幂等键已用于另一份内容。 This idempotency key was used for another request before."""

    code = "idempotency_conflict"


class EditConflict(StoreError):
    """内容已被他人修改，请刷新后重试。 Someone else changed this meanwhile; reload and try again."""

    code = "edit_conflict"


class UnderLegalHold(StoreError):
    """案件处于保全状态，不能删除。 The case is under legal hold and cannot be deleted."""

    code = "under_legal_hold"


class SchemaUnknown(StoreError):
    """数据库由更新的程序版本建立，请先升级程序。 The database was made by a newer edition of this program; please upgrade the program."""

    code = "schema_unknown"


class BackupUnusable(StoreError, InputError):
    """备份不可用。 The backup cannot be used."""

    code = "backup_unusable"


class NotEmpty(StoreError, InputError):
    """目标不是空的，未作任何改动。 The target is not empty; nothing was changed."""

    code = "not_empty"
