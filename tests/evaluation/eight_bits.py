"""`python -m tests.evaluation.eight_bits` measures extractor/data/eight_bits.npz: how the recogniser's wide layers are rounded.

Drawn papers of all kinds, clean and worn, are read; for each layer the range is taken whose rounding to 256 steps loses least
(mean square) over values of its input: clipping what is hardly ever met keeps the steps small, which look-alikes need. What the
rounding of input and weights then shifts on average, by output channel, is what the faintest signs (、) are lost by; it is kept too.
"""

import hashlib
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from extractor.ocr import Image, lighter, lines, rapid
from extractor.ocr.lighter import Array, Rounding
from tests.benchmarks.scanned_annex import Recorder
from tests.cases import engine
from tests.evaluation.drawn import degradations, draw, observed

DATA = Path(__file__).resolve().parents[2] / "extractor" / "data" / "eight_bits.npz"
FIRST, CASES = 640_000, 9
"""First seed and number of the cases drawn; nothing else is drawn with seeds near them."""
LINES = 1_200
LEFT_OUT = {"Conv.50", "Conv.53"}
"""Layers that stay exact: the last two that narrow; rounded, they make a third of the lines with 、 doubtful."""
KEPT = 400
"""Values of a layer's input that are kept from each batch of lines."""
SHARES = np.linspace(0.3, 1.0, 29)
"""Of the whole range, on either side of nought, that are tried."""


def main() -> None:
    """Writes the data file."""
    weights = rapid.weights()["rec"]
    crops = drawn_lines()
    ranges = {name: closest(np.concatenate(seen)) for name, seen in sampled(weights, crops).items()}
    found = rounded(weights, crops, ranges)
    arrays: dict[str, Any] = {f"{name} range": np.array([each.low, each.high]) for name, each in found.items()}
    arrays |= {f"{name} shift": each.shift for name, each in found.items()}
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    np.savez_compressed(DATA, weights=digest, layers=list(found), **arrays)
    for name, each in found.items():
        print(f"{name:8} {each.low:8.4f} {each.high:8.4f} {np.abs(each.shift).mean():.5f}")


def drawn_lines() -> list[Image]:
    """Lines of all papers, as they are given to the recogniser."""
    recorder = Recorder(engine())
    with tempfile.TemporaryDirectory() as folder:
        for seed, worn in enumerate(degradations(CASES), FIRST):
            for _ in observed(draw(Path(folder), seed, worn), lambda: recorder):
                pass
    return random.Random(FIRST).sample(recorder.lines, min(LINES, len(recorder.lines)))


def sampled(weights: Path, crops: list[Image]) -> dict[str, list[Array]]:
    """By layer, some values of its input."""
    rng = np.random.default_rng(FIRST)
    kept: dict[str, list[Array]] = {}
    for layer, values in inputs(weights, crops):
        some = rng.choice(values.ravel(), min(KEPT, values.size), replace=False)
        kept.setdefault(layer.get_friendly_name(), []).append(some)
    return kept


def rounded(weights: Path, crops: list[Image], ranges: dict[str, tuple[float, float]]) -> dict[str, Rounding]:
    """By layer, how it is rounded, with how much larger that makes each output on average."""
    sums: dict[str, Array] = {}
    matrices: dict[str, Array] = {}
    for layer, values in inputs(weights, crops):
        name = layer.get_friendly_name()
        matrices[name] = layer.input_value(1).get_node().get_data()
        parts = values, stepped(values, *ranges[name]), np.ones_like(values)
        sums[name] = sums.get(name, 0) + np.stack([part.sum(axis=(0, 2, 3), dtype=float) for part in parts])
    found = {}
    for name, (exact, stepwise, count) in sums.items():
        matrix, most = matrices[name], lighter.largest(matrices[name])
        near = np.round(matrix / most * 127) * most / 127
        shift = near[:, :, 0, 0] @ (stepwise / count) - matrix[:, :, 0, 0] @ (exact / count)
        found[name] = Rounding(*ranges[name], shift.astype(np.float32))
    return found


def inputs(weights: Path, crops: list[Image]) -> Iterator[tuple[Any, Array]]:
    """Layers and what they are given, batch by batch, computed in 32 bits; half of the lines narrowed, half at full width."""
    import openvino
    from openvino import opset13

    core = openvino.Core()
    network = core.read_model(str(weights))
    layers = [layer for layer in lighter.pointwise(network) if layer.get_friendly_name() not in LEFT_OUT]
    results = [opset13.result(layer.input_value(0)) for layer in layers]
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    model: Any = core.compile_model(openvino.Model(results, network.get_parameters()), "CPU", exact)
    half = len(crops) // 2
    for across, part in ((rapid.NARROWED, crops[:half]), (1.0, crops[half:])):
        for tensor, placed in lines.batches(part, across):
            yield from zip(layers, model({0: tensor[: len(placed)]}).values(), strict=True)


def closest(values: Array) -> tuple[float, float]:
    """The range that loses least."""
    least, most = min(0.0, float(values.min())), float(values.max())
    pairs = [(least * low, most * high) for low in SHARES for high in SHARES]
    return min(pairs, key=lambda pair: loss(values, *pair))


def loss(values: Array, low: float, high: float) -> float:
    """The mean square of what rounding to 256 steps from `low` to `high` changes."""
    return float(np.mean((stepped(values, low, high) - values) ** 2))


def stepped(values: Array, low: float, high: float) -> Array:
    """The values rounded to 256 steps."""
    step, below = Rounding(low, high, np.empty(0, np.float32)).steps()
    return (np.clip(np.round(values / step), -below, 255 - below) * step).astype(np.float32)


if __name__ == "__main__":
    main()
