"""Passwords: what is good enough for one, and the scrypt hash that is kept of it."""

import hashlib
import hmac
import secrets
from functools import cache

from models.errors import InputError

SHORTEST, LONGEST = 12, 200
_N, _R, _P = 2**15, 8, 3  # OWASP's equal of 2**17, 8, 1 with a quarter of the memory: 32 MB
_MEMORY = 64 * 1024 * 1024
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look like another


class WeakPassword(InputError):
    """密码至少 12 个字符，不能包含登录名，也不能只由少数几个字符重复组成。

    A password has at least 12 characters, does not contain the login and is no repetition of a few characters.
    """

    code = "weak_password"


def hashed(password: str) -> str:
    """The hash with its salt and what it cost, as text: `scrypt$n$r$p$salt$hash`."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt, _N, _R, _P).hex()}"


def fits(password: str, kept: str) -> bool:
    """Whether the password is the one that was hashed; takes as long for a wrong one."""
    _, n, r, p, salt, digest = kept.split("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p)).hex(), digest)


def demand_strong(password: str, login: str) -> None:
    """WeakPassword unless it is long enough and neither the login nor a repetition."""
    if not SHORTEST <= len(password) <= LONGEST or login.casefold() in password.casefold() or len(set(password)) < 5:
        raise WeakPassword


def one_time_password() -> str:
    """Four groups of four letters and digits, about 79 bits, that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


@cache
def nobodys() -> str:
    """What to compare with where nobody has the login, so that the answer takes as long."""
    return hashed(secrets.token_hex())


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password[: 4 * LONGEST].encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32
    )
