"""Read the whole corpus of hostile files as the service does and say what was answered: python -m tests.hostile.everything [FOLDER of PDFs]."""
# ruff: noqa: E501 - long messages

import argparse
import time
from collections import Counter
from pathlib import Path

from extractor.pool import Pool, Rules
from tests.hostile.answers import answered
from tests.hostile.corpus import corpus
from tests.hostile.glances import GlanceMaker


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    files = list(corpus())[:: options.every]
    if options.folder:
        files += [(path.name, path.read_bytes()) for path in sorted(options.folder.rglob("*.pdf"))]
    counted: Counter[str] = Counter()
    begun = time.monotonic()
    with Pool(GlanceMaker(), Rules(page_seconds=20, memory_mb=4_000)) as pool:
        for name, data in files:
            started = time.monotonic()
            answer = answered(pool, name, data)
            seconds = time.monotonic() - started
            counted.update(answer.codes or ["read"])
            if answer.broken or seconds > 5 or "unreadable_file" in answer.codes or "page_timeout" in answer.codes:
                print(
                    f"{seconds:6.1f} s {'BROKEN' if answer.broken else ''} {name[:80]!r} {sorted(answer.codes)} {answer.errors}",
                    flush=True,
                )
    print(f"{len(files)} files in {time.monotonic() - begun:.0f} s: {dict(counted.most_common())}")


if __name__ == "__main__":
    main()
