"""What a reading process gives up, in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import socket, sys, tempfile
from extractor import sandbox
taken = socket.socket()
assert sandbox.leave_network()
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_PACKET):
    try:
        socket.socket(family)
        print("a socket")
    except PermissionError:
        pass
socket.socket(socket.AF_UNIX).close()
sandbox.limit_memory(2_000)
try:
    bytearray(3_000_000_000)
    print("memory")
except MemoryError:
    pass
sandbox.limit_files(1)
try:
    with tempfile.TemporaryFile() as file:
        file.write(bytes(2_000_000))
    print("a large file")
except OSError:
    pass
assert 0 < sandbox.resident_mb() < 1_000 < sandbox.available_mb() < 10_000_000
print("ready", flush=True)
sandbox.limit_cpu(1)
while True:
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other limits")
def test_a_confined_process_has_no_network_and_ends_at_its_limits() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("ready\n", "")
    assert done.returncode == -signal.SIGXCPU
