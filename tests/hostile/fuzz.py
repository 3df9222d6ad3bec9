"""Damage samples at random for a while and keep every file at which the program makes a mistake: python -m tests.hostile.fuzz --minutes 30.

Each file is read in a confined process, parsed, judged and shown, as the service does it. A file is kept in the folder `--keep` when the
program raises what nobody foresaw, when a check breaks off, or when a reader ends; the name says which and from what seed it was made.
"""

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from pathlib import Path

from extractor.pool import Pool, Rules
from tests.hostile import damaged, glances
from tests.hostile.answers import CONTAINED, answered

_TELL_EVERY = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--corpus", type=Path, help="a folder of further files to damage")
    parser.add_argument("--seconds", type=float, default=20, help="that a page may take")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    more = [(p.name, p.read_bytes()) for p in sorted(options.corpus.rglob("*.pdf"))] if options.corpus else []
    begun = told = time.monotonic()
    counted: Counter[str] = Counter()
    slowest, number = 0.0, 0
    with Pool(glances.GlanceMaker(), Rules(page_seconds=options.seconds, memory_mb=4_000)) as pool:
        while time.monotonic() < begun + 60 * options.minutes:
            name, data = damaged.one(random.Random(f"{options.seed}.{number}"), more)
            started = time.monotonic()
            try:
                answer = answered(pool, name, data)
                kind = "mistake" if answer.broken else "reader ended" if answer.codes & CONTAINED else ""
                said = sorted(answer.codes | set(answer.errors))
            except Exception as error:
                kind, said = "raised", [type(error).__name__, str(error)[:200]]
            slowest = max(slowest, time.monotonic() - started)
            number += 1
            counted[kind or (" ".join(said) if said else "read")] += 1
            if kind:
                digest = hashlib.sha256(data).hexdigest()[:12]
                (options.keep / f"{digest}{Path(name).suffix}").write_bytes(data)
                line = {
                    "kind": kind,
                    "said": said,
                    "name": name,
                    "seed": f"{options.seed}.{number - 1}",
                    "file": digest,
                }
                with (options.keep / "found.jsonl").open("a") as log:
                    log.write(json.dumps(line, ensure_ascii=False) + "\n")
            if time.monotonic() > told + _TELL_EVERY:
                told = time.monotonic()
                print(
                    f"{(told - begun) / 60:.0f} min, {number} files, slowest {slowest:.1f} s: {dict(counted.most_common(12))}",
                    flush=True,
                )
    print(f"seed {options.seed}: {number} files in {options.minutes} min, slowest {slowest:.1f} s")
    print(json.dumps(dict(counted.most_common()), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
