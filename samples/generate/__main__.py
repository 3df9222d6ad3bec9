"""`python -m samples.generate --seed N --count K --output DIR`: draws so many cases."""

import argparse
from pathlib import Path

from samples.generate.invent import invent
from samples.generate.package import write_case


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m samples.generate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    for seed in range(options.seed, options.seed + options.count):
        write_case(invent(seed), options.output / f"case_{seed:04d}")


if __name__ == "__main__":
    main()
