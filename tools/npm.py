"""Run npm with the Node.js that the set-up found: `npm.py run build`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from setup import WEB, Setup


def main() -> None:
    """Turn into npm, in the console's folder."""
    setup = Setup()
    node, npm = setup.node()
    setup.env["PATH"] = f"{node.path.parent}{os.pathsep}{setup.env.get('PATH', '')}"
    os.chdir(WEB)
    os.execvpe(npm[0], [*npm, *sys.argv[1:]], setup.env)


if __name__ == "__main__":
    main()
