"""House rules that a general linter does not know, over a module's syntax tree.

Each rule yields what it found as `line: words`. The rules have tests of their own.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

# What must be passed in: time, ids, randomness; and tasks, which need an owner.
BANNED_CALLS = {
    "time.time": "take a Clock",
    "time.time_ns": "take a Clock",
    "time.monotonic": "take a Clock",
    "datetime.datetime.now": "take a Clock",
    "datetime.datetime.utcnow": "take a Clock",
    "datetime.datetime.today": "take a Clock",
    "datetime.date.today": "take a Clock",
    "uuid.uuid1": "take an IdSource",
    "uuid.uuid4": "take an IdSource",
    "secrets.token_urlsafe": "take an IdSource",
    "secrets.token_hex": "take an IdSource",
    "asyncio.create_task": "use Tasks, which owns what it starts",
    "asyncio.ensure_future": "use Tasks, which owns what it starts",
}
BANNED_MODULES = {"random": "take a seeded Random"}


@dataclass(frozen=True)
class Names:
    """What the local names of a module stand for: `dt` → `datetime.datetime`."""

    known: dict[str, str]

    @classmethod
    def of(cls, tree: ast.Module) -> "Names":
        known: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    known[name.asname or name.name.partition(".")[0]] = (
                        name.name if name.asname else name.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for name in node.names:
                    known[name.asname or name.name] = f"{node.module}.{name.name}"
        return cls(known)

    def full(self, node: ast.expr) -> str:
        """The dotted name that an expression stands for, or an empty string."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id, "")
        if isinstance(node, ast.Attribute):
            base = self.full(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""


def banned_calls(source: str) -> Iterator[str]:
    """Time, ids, randomness and naked tasks, however they were imported or passed on."""
    tree = ast.parse(source)
    names = Names.of(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            full = names.full(node)
            if full in BANNED_CALLS:
                yield f"{node.lineno}: {full}: {BANNED_CALLS[full]}"
            top = full.partition(".")[0]
            if top in BANNED_MODULES and isinstance(node, ast.Attribute):
                yield f"{node.lineno}: {full}: {BANNED_MODULES[top]}"
        elif isinstance(node, ast.ImportFrom) and node.module in BANNED_MODULES and not node.level:
            yield f"{node.lineno}: from {node.module}: {BANNED_MODULES[node.module]}"


def naked_tasks(source: str) -> Iterator[str]:
    """`loop.create_task(…)`, too; a TaskGroup named `group` or `tasks` may."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "create_task"
            and not (
                isinstance(node.func.value, ast.Name) and node.func.value.id in {"group", "tasks"}
            )
        ):
            yield f"{node.lineno}: create_task: use Tasks or a TaskGroup called `group`"


def work_at_import(source: str) -> Iterator[str]:
    """Importing a module does nothing: no environment, file or socket at the top level."""
    tree = ast.parse(source)
    names = Names.of(tree)
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
            continue
        if isinstance(node, (ast.Name, ast.Attribute)):
            full = names.full(node)
            if (
                full.startswith(("os.environ", "os.getenv", "socket.socket"))
                or full == "builtins.open"
            ):
                yield f"{node.lineno}: {full}: importing a module does nothing"
                continue
        waiting.extend(ast.iter_child_nodes(node))
