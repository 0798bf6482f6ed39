"""Redaction beside the regular expressions of Presidio, on the same texts in the same process.

The peer is no dependency of ours: it is installed apart, for as long as it is measured.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.report import Measured

ROOT = Path(__file__).resolve().parents[1]
PEER = "presidio-analyzer==2.2.366"
TIMES = 20


def run() -> list[Measured]:
    """Redact every turn of our scripted calls, one by one, as they are heard."""
    command = ["uv", "run", "--no-project", "--isolated", "--python", "3.11", "--with", PEER]
    done = subprocess.run(
        [*command, "python", str(ROOT / "bench" / "redaction_peer.py"), str(TIMES)],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
        cwd=ROOT,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    ours, bare, engine = (told[name] for name in ("ours", "bare", "engine"))
    return [
        Measured(
            title="Redaction, words a second, beside Presidio's regular expressions",
            asked="at least 20 times the peer",
            got=f"{ours / bare:.1f} times its recognisers called one by one, "
            f"{ours / engine:.1f} times its analyser",
            met=ours / engine >= 20,
            rows={
                "words a second, ours": round(ours),
                "words a second, the peer's recognisers alone": round(bare),
                "words a second, the peer's analyser with a tokeniser and no model": round(engine),
                "turns / words": f"{told['turns']} / {told['words']}",
            },
            how=(
                "The turns of our scripted calls, one by one, each found "
                f"{TIMES} times; processor time of one process, the three taking turns. The peer "
                f"({PEER}) has only its recognisers by pattern and for telephone numbers, "
                f"{told['recognisers']} of them, and no language model."
            ),
        )
    ]


if __name__ == "__main__":
    sys.exit("Run `python -m bench redaction`.")
