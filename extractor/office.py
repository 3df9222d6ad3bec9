"""Word files of before 2007 (.doc) through LibreOffice, where the machine has it."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from models.errors import CorruptFile, UnsupportedFile

SECONDS = 60.0


def doc_to_docx(data: bytes) -> bytes:
    """The same text as .docx. UnsupportedFile where there is no LibreOffice; CorruptFile where it makes nothing of the file in a minute."""
    program = shutil.which("soffice")
    if program is None:
        raise UnsupportedFile(
            "不支持旧版 Word 文件（.doc），请另存为 .docx 或 PDF 后上传。 "
            "Word files of before 2007 (.doc) cannot be read here; please save as .docx or PDF and upload again."
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "file.doc").write_bytes(data)
        command = [
            program,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--infilter=MS Word 97",
            "--convert-to",
            "docx",
            "--outdir",
            name,
            str(folder / "file.doc"),
        ]
        _run(command, folder)
        converted = folder / "file.docx"
        if not converted.is_file():
            raise CorruptFile
        return converted.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """In a group of its own, so that at the end of its time everything that it started ends too."""
    process = subprocess.Popen(  # noqa: S603 - our own arguments; the file's name is not among them
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CorruptFile from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
