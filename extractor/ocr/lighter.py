"""The recogniser made lighter for OpenVINO: its wide layers in eight bits, and no softmax over its 18,710 classes.

A layer's weights are rounded by output channel, its input within the range that was measured for it on drawn pages; what rounding
shifts on average is given back to its bias. `extractor/data/eight_bits.npz` has both for one file of weights, as measured by
`tests/evaluation/eight_bits.py`; other weights stay as they are. A processor with instructions for it needs half the time then.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DATA = Path(__file__).resolve().parents[1] / "data" / "eight_bits.npz"
_LEAST = 16_384
"""Weights of a layer, from which eight bits save more time than rounding its input takes."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rounding:
    """How one layer is rounded: its input to 256 steps from `low` to `high`; `shift` is what that adds to each output on average."""

    low: float
    high: float
    shift: Array

    def steps(self) -> tuple[float, int]:
        """The width of a step and the number of steps below nought, which stays nought: so what is padding stays padding."""
        step = (self.high - self.low) / 255
        return step, round(-self.low / step)


def without_softmax(network: Any) -> bool:
    """Lets the network answer what its last softmax is given; False where it does not end in one."""
    result = network.get_results()[0]
    last = result.input_value(0).get_node()
    if last.get_type_name() != "Softmax":
        return False
    result.input(0).replace_source_output(last.input_value(0))
    network.validate_nodes_and_infer_types()
    return True


def in_eight_bits(network: Any, roundings: Mapping[str, Rounding]) -> None:
    """Rounds the layers named; OpenVINO's compiler then multiplies them in eight bits."""
    ops = import_module("openvino.opset13")

    def rounded(source: Any, low: Array, high: Array, levels: int) -> Any:
        return ops.fake_quantize(source, low, high, low, high, levels).output(0)

    for layer in pointwise(network):
        if (rounding := roundings.get(layer.get_friendly_name())) is None:
            continue
        step, below = rounding.steps()
        low, high = (np.full((1, 1, 1, 1), steps * step, np.float32) for steps in (-below, 255 - below))
        layer.input(0).replace_source_output(rounded(layer.input_value(0), low, high, 256))
        most = largest(layer.input_value(1).get_node().get_data())
        layer.input(1).replace_source_output(rounded(layer.input_value(1), -most, most, 255))
        (added,) = layer.output(0).get_target_inputs()
        bias = added.get_node().input_value(1).get_node().get_data()
        shifted = ops.constant(bias - rounding.shift.reshape(1, -1, 1, 1))
        added.get_node().input(1).replace_source_output(shifted.output(0))
    network.validate_nodes_and_infer_types()


def largest(weights: Array) -> Array:
    """The largest absolute weight of each output channel."""
    return np.abs(weights).max(axis=(1, 2, 3), keepdims=True)  # type: ignore[no-any-return]


def pointwise(network: Any) -> Iterator[Any]:
    """The wide convolutions of one pixel, which hold three quarters of the recogniser's multiplications.

    Those that squeeze a line into few numbers, and back, are left out: they are small, and everything hangs on them.
    """
    for node in network.get_ordered_ops():
        if node.get_type_name() == "Convolution":
            wide, deep, *kernel = node.input(1).get_shape()
            if kernel == [1, 1] and wide * deep >= _LEAST and max(wide, deep) <= 2 * min(wide, deep):
                yield node


def roundings_for(weights: Path) -> dict[str, Rounding]:
    """What was measured for exactly these weights, by the layers' names; empty for any others."""
    with np.load(_DATA) as measured:
        if str(measured["weights"]) != hashlib.sha256(weights.read_bytes()).hexdigest():
            return {}
        ranges = {name: measured[f"{name} range"].tolist() for name in map(str, measured["layers"])}
        return {name: Rounding(low, high, measured[f"{name} shift"]) for name, (low, high) in ranges.items()}
