"""`ringdown speech doctor`: which recogniser listens, and what this machine can carry."""

import json
import os
import resource
import sys
import time
from importlib.metadata import version
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from ringdown.cli.config import File
from ringdown.cli.speech_common import Engine, ModelFolder, listener, speech_settings
from ringdown.demo import load as load_demo
from ringdown.speech.capacity import FULL, TALK, Measured, measure
from ringdown.speech.settings import SpeechSettings
from ringdown.speech.worker.loop import LoopRules

MEASURE_S: Final = 7.0
"""With the loading of the model; a busy machine takes longer to load it."""
LEAST_S: Final = 2.5
"""For the measuring alone, however long the loading took."""
FEW: Final = 4
"""Fewer channels a core than this, and the console shows words late on a busy day."""


def doctor(
    engine: Engine = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    model_folder: ModelFolder = None,
    config: File = None,
) -> None:
    """Say which recogniser listens and how many channels this machine can carry.

    Measures for a few seconds, on the packaged demo call. A channel is one side of a call,
    and speaks for 45 % of the time.

    Example: `ringdown speech doctor`
    """
    began = time.perf_counter()
    settings = speech_settings(config, engine, model_folder)
    with listener(settings) as heard_by:
        rules = LoopRules(heard_by.rules, heard_by.doubtful_below, heard_by.partial_every_s)
        within = max(MEASURE_S - (time.perf_counter() - began), LEAST_S)
        measured = measure(heard_by.engine, heard_by.new_vad, rules, load_demo(), within_s=within)
        told = {
            **_setup(settings),
            "engine": heard_by.engine.capabilities.name,
            "on_this_machine": heard_by.engine.capabilities.local,
            **_figures(settings, measured),
        }
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _show(told)


def _setup(settings: SpeechSettings) -> dict[str, Any]:
    return {
        "setting": settings.engine,
        "model_folder": settings.model_folder,
        "onnxruntime": version("onnxruntime"),
        "threads_per_worker": 1,
        "workers": settings.workers,
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
    }


def _figures(settings: SpeechSettings, measured: Measured) -> dict[str, Any]:
    cores = _setup(settings)["cores"]
    working = min(settings.workers, cores)
    memory = worker_memory_mb()
    return {
        "legs_measured": measured.legs,
        "seconds_measured": round(measured.audio_s, 1),
        "core_share_per_channel": round(measured.core_share, 4),
        "channels_per_core": measured.channels,
        "channels": measured.channels * working,
        "memory_per_worker_mb": memory,
        "verdict": "ok" if measured.channels >= FEW else "slow",
        "advice": advice(settings.workers, cores, measured.channels),
    }


def advice(workers: int, cores: int, channels: int) -> str:
    """What to do, in a sentence; empty when there is nothing to do."""
    if workers > cores:
        return (
            f"Set speech.workers to {max(cores - 1, 1)}: more workers than cores slow each other."
        )
    if channels < FEW:
        return "Use a smaller model, or a faster machine: words will come late on a busy day."
    if workers < cores - 1:
        most = cores - 1
        return f"With speech.workers = {most} this machine carries {most * channels} channels."
    return ""


def worker_memory_mb() -> int:
    """The most memory this process has used, which is about that of a worker."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1e6 if sys.platform == "darwin" else 1e3))


def _show(told: dict[str, Any]) -> None:
    console = Console(highlight=False)
    place = "on this machine" if told["on_this_machine"] else "NOT on this machine"
    rows = {
        "recogniser": f"{told['engine']}, {place}",
        "model": told["model_folder"] or "bundled",
        "onnxruntime": f"{told['onnxruntime']}, {told['threads_per_worker']} thread a worker",
        "workers": f"{told['workers']} on {told['cores']} cores",
        "a channel needs": f"{100 * told['core_share_per_channel']:.1f} % of a core "
        f"({told['legs_measured']} channels for {told['seconds_measured']} s, "
        f"each speaking {TALK:.0%} of the time)",
        "channels a core": f"{told['channels_per_core']} (up to {FULL:.0%} of it)",
        "channels in all": f"{told['channels']} with the workers set",
        "memory": f"{told['memory_per_worker_mb']} MB a worker",
    }
    for name, text in rows.items():
        console.print(f"{name:<18} {text}", markup=False, soft_wrap=True)
    console.print()
    if told["verdict"] == "ok":
        console.print("This machine can follow calls with this recogniser.")
    else:
        console.print("This machine is too slow for this recogniser.", style="bold red")
    if told["advice"]:
        console.print(told["advice"], markup=False, soft_wrap=True)
