"""Finding model files inside installed packages without importing those packages."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import onnxruntime as ort  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from ringdown.core.errors import BadConfig

Array = NDArray[Any]


class ModelMissing(BadConfig):
    """A model file that the settings (or the installed packages) promise is not there."""

    code = "speech.model_missing"
    action = "Install Ringdown again, or correct the model folder in the settings."


def package_file(package: str, *parts: str) -> Path:
    """The path of a file inside an installed package. Raises ModelMissing."""
    spec = find_spec(package)
    roots = list(spec.submodule_search_locations or ()) if spec else []
    for root in roots:
        path = Path(root, *parts)
        if path.exists():
            return path
    raise ModelMissing(
        f"{'/'.join(parts)} of {package} is not installed.",
        details={"package": package, "file": "/".join(parts)},
    )


class Model:
    """A loaded model: named arrays in, arrays out."""

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session

    def inputs(self) -> dict[str, list[int | str | None]]:
        """The name and the shape of each input; a free dimension has a name or nothing."""
        session = cast("Any", self._session)
        return {one.name: list(one.shape) for one in session.get_inputs()}

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, Array]) -> list[Array]:
        """The outputs named (all when None), in order."""
        session = cast("Any", self._session)  # its stubs leave the types of arrays open
        return cast("list[Array]", session.run(outputs, inputs))


def open_model(path: Path) -> Model:
    """Load a model on one thread that sleeps when idle, so that other legs keep their core.

    Raises ModelMissing when the file is absent or is not a model.
    """
    if not path.is_file():
        raise ModelMissing(f"No model file {path}.", details={"file": str(path)})
    options = cast("Any", ort).SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # a long segment must not set the memory for good
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own for a damaged file
        raise ModelMissing(f"{path} is not a model.", details={"file": str(path)}) from error
    return Model(session)
