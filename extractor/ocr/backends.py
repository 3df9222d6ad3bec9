"""The two runtimes that can execute the models: OpenVINO, and ONNX Runtime where that is not installed."""

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Backend, lighter
from models.errors import OcrUnavailable

T = TypeVar("T")
Tensor = NDArray[np.float32]


class Model(Protocol):
    """One network with one input and one output, ready to run.

    A recogniser's output is the classes' probabilities, or, where `bare`, what a softmax would make these of.
    """

    bare: bool

    def metadata(self, key: str) -> str:
        """A value of the ONNX file's metadata, "" where it has none of that name."""

    def run_all(self, inputs: Iterable[Tensor], take: Callable[[Tensor], T]) -> list[T]:
        """`take(output)` for each input, in order; `take` must copy what it keeps, the output's memory is used again."""


class OpenVinoModel:
    """Compiled by OpenVINO for the CPU; the compiled form is kept in `cache_dir`, so that a second start is quick.

    The recogniser gets one stream a core, which suits many short lines, and runs without its softmax and, where the processor has
    instructions for them, with its wide layers in eight bits; for the detector all cores work on one picture.
    """

    def __init__(self, path: Path, *, cache_dir: Path | None, threads: int, recogniser: bool) -> None:
        openvino = import_module("openvino")
        core = openvino.Core()
        if cache_dir is not None:
            core.set_property({"CACHE_DIR": str(cache_dir)})
        network = core.read_model(str(path))
        info = network.get_rt_info()  # no dict: it has no get
        self._metadata = info["framework"] if "framework" in info else {}  # noqa: SIM401
        self.bare = recogniser and lighter.without_softmax(network)
        if recogniser and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):  # such processors have both
            lighter.in_eight_bits(network, lighter.roundings_for(path))
        hint = "THROUGHPUT" if recogniser and threads > 1 else "LATENCY"
        options: dict[str, Any] = {"PERFORMANCE_HINT": hint, "INFERENCE_NUM_THREADS": threads}
        options["ENABLE_CPU_PINNING"] = False  # or the threads of all reading processes would share the first core
        # One more than can run waits, so that no core idles while an answer is taken.
        at_once = threads + 1 if hint == "THROUGHPUT" else 1
        self._queue = openvino.AsyncInferQueue(core.compile_model(network, "CPU", options), at_once)

    def metadata(self, key: str) -> str:
        """As the protocol says."""
        return str(self._metadata[key].value) if key in self._metadata else ""

    def run_all(self, inputs: Iterable[Tensor], take: Callable[[Tensor], T]) -> list[T]:
        """As the protocol says; the inputs run in parallel."""
        results: dict[int, T] = {}

        def keep(request: Any, index: int) -> None:
            results[index] = take(request.get_output_tensor().data)

        self._queue.set_callback(keep)
        count = 0
        for index, tensor in enumerate(inputs):
            self._queue.start_async({0: tensor}, index)
            count = index + 1
        self._queue.wait_all()
        return [results[index] for index in range(count)]


class OnnxModel:
    """Run by ONNX Runtime on the CPU."""

    bare = False

    def __init__(self, path: Path, *, threads: int) -> None:
        runtime = onnxruntime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False  # the arena would keep the largest page's memory for ever
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def metadata(self, key: str) -> str:
        """As the protocol says."""
        return str(self._session.get_modelmeta().custom_metadata_map.get(key, ""))

    def run_all(self, inputs: Iterable[Tensor], take: Callable[[Tensor], T]) -> list[T]:
        """As the protocol says; one input after the other."""
        return [take(self._session.run(None, {self._input: tensor})[0]) for tensor in inputs]


def onnxruntime() -> Any:
    """The module. Since 1.29 its Linux builds report the models that they run to their maker, unless told otherwise before they load."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    return import_module("onnxruntime")


def choose(backend: Backend) -> Backend:
    """The backend that will run: the one named, or the faster of those installed. Raises OcrUnavailable where there is none."""
    wanted: tuple[Backend, ...] = ("openvino", "onnxruntime") if backend == "auto" else (backend,)
    for name in wanted:
        if find_spec(name) is not None:
            return name
    names = " / ".join(wanted)
    raise OcrUnavailable(
        f"未安装文字识别运行库（{names}），请执行 pip install '.[openvino]'。 "
        f"No recognition runtime ({names}) is installed; run pip install '.[openvino]'."
    )


def load(path: Path, backend: Backend, *, cache_dir: Path | None, threads: int, recogniser: bool) -> Model:
    """The model at `path`, ready to run; `threads` 0 means every core that this process may use."""
    threads = threads or _available_cores()
    if backend == "onnxruntime":
        return OnnxModel(path, threads=threads)
    return OpenVinoModel(path, cache_dir=cache_dir, threads=threads, recogniser=recogniser)


def _available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # fewer than the machine has, inside a container or under taskset
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
