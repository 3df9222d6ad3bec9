"""What a process gives up before it opens a stranger's file: the network, more memory than agreed, large files, endless work."""

import ctypes
import math
import os
import platform
import resource
import struct
import sys
import threading
from contextlib import suppress
from pathlib import Path

MB = 1_000_000

_SET_SECCOMP, _SET_NO_NEW_PRIVS = 22, 38  # linux/prctl.h
_MODE_FILTER = 2  # linux/seccomp.h, like the answers below
_ALLOW, _REFUSE, _KILL_PROCESS = 0x7FFF0000, 0x00050000 | 13, 0x80000000  # 13 is EACCES
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_FIRST_ARGUMENT = 16  # where it stands in linux/seccomp.h's seccomp_data, on machines that write the low half first
_AF_UNIX = 1
_X32 = 0x40000000  # the same calls under other numbers
_ARCHITECTURES = {
    # Its number in audit records, that of socket, and those of io_uring_setup (a way round it) and ptrace.
    "x86_64": (0xC000003E, 41, (425, 101)),
    "aarch64": (0xC00000B7, 198, (425, 117)),
}


def die_with(descriptor: int) -> None:
    """This process ends as soon as the other end of the pipe is closed, which the kernel does however its holder ends."""

    def wait() -> None:
        os.read(descriptor, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def limit_memory(megabytes: int) -> None:
    """At most so much address space. What then asks for more gets a MemoryError, or is a library that aborts."""
    _limit(resource.RLIMIT_AS, megabytes * MB)


def limit_files(megabytes: int) -> None:
    """No file written may be larger; no memory is dumped into one, for it would hold what applicants sent."""
    _limit(resource.RLIMIT_FSIZE, megabytes * MB)
    _limit(resource.RLIMIT_CORE, 0)


def limit_cpu(seconds: int) -> None:
    """From now on at most so much processor time, then the kernel ends the process; called again it begins anew."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def leave_network() -> bool:
    """No new sockets from here on, for this process and its children; False where this system offers no way to promise it.

    A filter of system calls needs no rights, unlike a network namespace, and holds in containers too. Sockets of the machine's own
    file system are left, for LibreOffice does not start without.
    """
    known = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    audit, socket, refused = known
    steps = [
        (_LOAD, 0, 0, 4),
        (_IF_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, 0),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for call in refused:
        steps += [(_IF_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    steps += [
        (_IF_EQUAL, 1, 0, socket),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 0, 1, _AF_UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program)))
    return _prctl(_SET_NO_NEW_PRIVS, 1) and _prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(header))


def resident_mb() -> int:
    """Memory that this process holds now; the most that it ever held, where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as facts:  # noqa: PTH123 - called after each page
            return int(facts.read().split()[1]) * resource.getpagesize() // MB
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // MB


def available_mb() -> float:
    """Memory that could still be taken, by the machine and by the container that this runs in; infinite where nobody tells."""
    known = [math.inf]
    with suppress(OSError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        known.append(next(int(line.split()[1]) * 1024 / MB for line in lines if line.startswith("MemAvailable")))
    with suppress(OSError, ValueError):  # the limit may be the word max
        group = Path("/sys/fs/cgroup")
        most, held = ((group / name).read_text(encoding="ascii") for name in ("memory.max", "memory.current"))
        known.append((int(most) - int(held)) / MB)
    return min(known)


def _limit(what: int, value: int) -> None:
    """Never above what holds already."""
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _prctl(option: int, value: int, pointer: int = 0) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_ulong(value), ctypes.c_ulong(pointer), ctypes.c_ulong(0), ctypes.c_ulong(0))
    return bool(libc.prctl(ctypes.c_int(option), *arguments) == 0)
