"""Write web/api/openapi.json, from which the TypeScript client is generated.

uv run python tools/export_openapi.py
"""

import asyncio
import json
from pathlib import Path

from ringdown.testing.contract import openapi

OUT = Path(__file__).resolve().parent.parent / "web" / "api" / "openapi.json"


def main() -> None:
    """Write it."""
    text = json.dumps(asyncio.run(openapi()), indent=1, sort_keys=True, ensure_ascii=False)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
