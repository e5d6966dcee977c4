"""The desk's own source, read with ast and never run: which modules there are, what they import and what they name."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("desk", "triage", "routing", "intake", "demo")
SINGLE = ("app", "hours")


@dataclass(frozen=True)
class Import:
    """`target` is dotted, the imported name included; `within` is the innermost function, empty at module level."""

    target: str
    line: int
    within: str = ""


@dataclass(frozen=True)
class Source:
    """One module. `name` is dotted; a package's own file carries the package's name."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def doc(self) -> str:
        return ast.get_docstring(self.tree) or ""

    @cached_property
    def imports(self) -> list[Import]:
        """Every import: in functions too, relative ones made absolute, and what `import_module` loads."""
        return list(self._imports(self.tree, ""))

    @cached_property
    def names(self) -> dict[str, str]:
        """Local name to dotted origin, for what is imported anywhere in the module."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{self._base(node)}.{alias.name}"
        return found

    def dotted(self, node: ast.expr) -> str:
        """`datetime.now` as "datetime.datetime.now" when that is what was imported; empty for no plain name."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return f"{base}.{node.attr}" if base else f"?.{node.attr}"
        return ""

    def at(self, line: int, what: str) -> str:
        """A finding as people read it."""
        return f"{self.path.as_posix()}:{line} {what}"

    def _imports(self, node: ast.AST, within: str) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(alias.name, child.lineno, within) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = self._base(child)
                yield from (Import(f"{base}.{alias.name}", child.lineno, within) for alias in child.names)
            elif isinstance(child, ast.Call) and (named := _imported_by_call(child)):
                yield Import(named, child.lineno, within)
            inner = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else within
            yield from self._imports(child, inner)

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        steps = self.name.split(".")
        package = steps if self.path.name == "__init__.py" else steps[:-1]
        kept = package[: len(package) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])


def read_sources(root: Path = ROOT) -> list[Source]:
    """Every module of the desk under `root`, the demonstration included, tests and benchmarks not."""
    files = [root / f"{name}.py" for name in SINGLE]
    for package in PACKAGES:
        files += sorted((root / package).rglob("*.py"))
    return [_read(root, path) for path in files if path.is_file()]


def _read(root: Path, path: Path) -> Source:
    relative = path.relative_to(root)
    steps = relative.with_suffix("").parts
    name = ".".join(steps[:-1] if steps[-1] == "__init__" else steps)
    return Source(name, relative, ast.parse(path.read_text("utf-8")))


def _imported_by_call(node: ast.Call) -> str:
    """What `import_module` loads; a question mark when only the running program knows."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called not in {"import_module", "__import__"}:
        return ""
    first = node.args[0] if node.args else None
    return str(first.value) if isinstance(first, ast.Constant) else "?"
