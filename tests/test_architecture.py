"""Who may import whom, and what happens in one place only; read from the source, and each rule seen to bite."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.source import Source, read_sources

Rule = Callable[[list[Source]], list[str]]

# The table of ARCHITECTURE.md: a part may import itself and what stands to its right.
MAY_IMPORT: dict[str, set[str]] = {
    "app": {"intake.phone", "intake.mail", "intake", "routing", "triage", "desk", "hours"},
    "intake.phone": {"intake", "routing", "triage", "desk", "hours"},
    "intake.mail": {"intake", "routing", "triage", "desk", "hours"},
    "intake": {"routing", "triage", "desk", "hours"},
    "routing": {"triage", "desk", "hours"},
    "triage": {"desk", "hours"},
    "desk": {"hours"},
    "hours": set(),
    "demo": {"desk", "hours"},
}
WORKSHOP = {"tests", "benchmarks", "tools"}

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"}
WALL_CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.asctime",
    "email.utils.localtime",
    "email.utils.formatdate",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
}

# Where the thinking is. A module that calls itself pure in its docstring is held to it as well.
PURE = {
    "desk.dates", "desk.keyring", "desk.search", "desk.toml", "desk.vault",
    "hours",
    "intake.mail.charsets", "intake.mail.content_key", "intake.mail.files", "intake.mail.headers",
    "intake.mail.html_text", "intake.mail.machine", "intake.mail.parse", "intake.mail.parsed", "intake.mail.parts",
    "intake.mail.prepare", "intake.mail.sender", "intake.mail.threading",
    "intake.phone.away.outage", "intake.phone.away.spooled", "intake.phone.calling_back.progress",
    "intake.phone.calling_back.retry", "intake.phone.carrier.wav", "intake.phone.events", "intake.phone.menu",
    "intake.phone.numbers", "intake.phone.promise", "intake.phone.script", "intake.phone.texts.asked",
    "intake.phone.texts.diff", "intake.phone.texts.line_rules", "intake.phone.texts.mp3",
    "intake.phone.texts.prompts", "intake.phone.texts.sound_files", "intake.phone.texts.sound_list",
    "intake.phone.texts.speech", "intake.phone.texts.text_faults", "intake.phone.texts.tree",
    "routing.message", "routing.partners", "routing.rulebook", "routing.rules", "routing.texts",
    "triage.deadlines", "triage.due", "triage.moves", "triage.next_steps", "triage.number", "triage.told",
    "triage.values", "triage.why", "triage.words",
}  # fmt: skip
IMPURE = {"flask", "werkzeug", "sqlalchemy", "alembic", "twilio", "imapclient", "imaplib", "smtplib", "requests"}

# Alembic runs its environment by importing it.
RUN_BY_IMPORT = {"desk.migrations.env"}
# Says what there is, and does nothing.
REGISTERS = {"add_command", "before_request", "register_error_handler", "listen"}
AT_IMPORT = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
)
WORK = {
    "open", "connect", "create_engine", "load_settings", "open_desk", "create_app", "urlopen", "basicConfig", "sleep",
    "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "exists", "Popen", "check_output", "check_call",
    "run", "start", "execute", "now", "today", "token_hex", "token_bytes", "parse_args",
}  # fmt: skip


def wrong_imports(sources: list[Source]) -> list[str]:
    """Imports against the table. Only the command `demo` of app may reach the demonstration."""
    return [
        source.at(line.line, f"imports {line.target}")
        for source in sources
        for line in source.imports
        if not _allowed(source.name, line.target, line.within)
    ]


def environment_reads(sources: list[Source]) -> list[str]:
    return list(_named(sources, ENVIRONMENT, "desk.settings"))


def clock_reads(sources: list[Source]) -> list[str]:
    return list(_named(sources, WALL_CLOCK, "desk.clock"))


def commits(sources: list[Source]) -> list[str]:
    """Calls of `.commit(` outside desk.database."""
    return [
        source.at(node.lineno, "commits")
        for source in sources
        if source.name != "desk.database"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def impure_imports(sources: list[Source]) -> list[str]:
    """Pure modules that import a framework, themselves or through a module of ours."""
    every = {source.name: source for source in sources}
    pure = [source for source in sources if source.name in PURE or "Pure" in source.doc]
    return [f"{source.path.as_posix()} reaches {found}" for source in pure for found in sorted(_reached(source, every))]


def work_at_import(sources: list[Source]) -> list[str]:
    """Statements at module level that do more than define, and calls there that reach the outside."""
    return [finding for source in sources if source.name not in RUN_BY_IMPORT for finding in _work(source)]


def _allowed(importer: str, target: str, within: str) -> bool:
    mine, theirs = _part(importer), _part(target)
    if target == "?":
        return mine == "app"
    if not theirs or theirs == mine:
        return True
    if mine == "app" and theirs == "demo":
        return within == "demo"
    return theirs in MAY_IMPORT[mine]


def _part(name: str) -> str:
    steps = name.split(".")
    for part in (".".join(steps[:2]), steps[0]):
        if part in MAY_IMPORT or part in WORKSHOP:
            return part
    return ""


def _named(sources: list[Source], names: set[str], home: str) -> Iterator[str]:
    for source in sources:
        if source.name == home:
            continue
        # `from os import environ` is a use as well, wherever the name is then read.
        yield from (source.at(line.line, line.target) for line in source.imports if line.target in names)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and (dotted := source.dotted(node)) in names:
                yield source.at(node.lineno, dotted)


def _reached(source: Source, every: dict[str, Source], seen: set[str] | None = None) -> set[str]:
    seen = set() if seen is None else seen
    seen.add(source.name)
    found = {line.target.partition(".")[0] for line in source.imports} & IMPURE
    for line in source.imports:
        module = every.get(line.target) or every.get(line.target.rpartition(".")[0])
        if module is not None and module.name not in seen:
            found |= _reached(module, every, seen)
    return found


def _work(source: Source) -> Iterator[str]:
    for statement in source.tree.body:
        if not (isinstance(statement, AT_IMPORT) or _harmless(statement)):
            yield source.at(statement.lineno, f"{type(statement).__name__} at import")
        elif not isinstance(statement, ast.If):
            for call in _calls_at_import(statement):
                called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if called in WORK:
                    yield source.at(call.lineno, f"{called}() at import")


def _harmless(statement: ast.stmt) -> bool:
    """A docstring, `if TYPE_CHECKING:`, `if __name__ == "__main__":`, and registering, in a loop too."""
    match statement:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in REGISTERS
        case ast.For(body=body):
            return all(_harmless(inner) for inner in body)
        case ast.If(test=test):
            return bool({"TYPE_CHECKING", "__name__"} & {getattr(node, "id", "") for node in ast.walk(test)})
    return False


def _calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that run when the module is read: bodies of functions and lambdas do not, their decorators do."""
    if isinstance(node, ast.Call):
        yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        children: list[ast.AST] = [*node.decorator_list, node.args]
    else:
        children = [] if isinstance(node, ast.Lambda) else list(ast.iter_child_nodes(node))
    for child in children:
        yield from _calls_at_import(child)


@pytest.fixture(scope="module")
def ours() -> list[Source]:
    return read_sources()


def test_the_reader_sees_every_part(ours: list[Source]) -> None:
    assert {_part(source.name) for source in ours} == MAY_IMPORT.keys()


def test_every_module_that_is_listed_as_pure_exists(ours: list[Source]) -> None:
    assert not PURE - {source.name for source in ours}


@pytest.mark.parametrize(
    "rule", [wrong_imports, environment_reads, clock_reads, commits, impure_imports, work_at_import]
)
def test_the_source_keeps(rule: Rule, ours: list[Source]) -> None:
    assert rule(ours) == []


PLANTED = [
    (wrong_imports, "triage/x.py", "from intake.concern import Concern"),
    (wrong_imports, "desk/x.py", "def later():\n    import triage.models"),
    (wrong_imports, "desk/x.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import routing"),
    (wrong_imports, "intake/mail/x.py", "from intake.phone.menu import move"),
    (wrong_imports, "intake/mail/x.py", "from intake import phone"),
    (wrong_imports, "intake/mail/x.py", "from ..phone import menu"),
    (wrong_imports, "intake/x.py", "from intake.mail import machine"),
    (wrong_imports, "routing/x.py", "import app"),
    (wrong_imports, "hours.py", "from desk.clock import Clock"),
    (wrong_imports, "demo/x.py", "from triage.models import Ticket"),
    (wrong_imports, "app.py", "from demo.run import run_demo"),
    (wrong_imports, "app.py", "def serve():\n    from demo.run import run_demo"),
    (wrong_imports, "desk/x.py", "import importlib\nimportlib.import_module('demo.run')"),
    (wrong_imports, "desk/x.py", "from importlib import import_module\ndef f(name):\n    import_module(name)"),
    (wrong_imports, "desk/x.py", "from tests.fakes import FixedClock"),
    (environment_reads, "desk/x.py", "import os\nHOME = os.environ['HOME']"),
    (environment_reads, "triage/x.py", "from os import getenv"),
    (environment_reads, "demo/x.py", "import os as system\ndef f():\n    return system.getenv('HOME')"),
    (clock_reads, "triage/x.py", "from datetime import datetime\ndef f():\n    return datetime.now()"),
    (clock_reads, "demo/x.py", "import datetime as d\ndef f():\n    return d.date.today()"),
    (clock_reads, "desk/x.py", "import time\ndef f():\n    return time.time()"),
    (clock_reads, "desk/x.py", "from time import time"),
    (clock_reads, "desk/x.py", "from sqlalchemy import func\ndef f():\n    return func.now()"),
    (commits, "triage/x.py", "def f(session):\n    session.commit()"),
    (impure_imports, "triage/moves.py", "from sqlalchemy import select"),
    (impure_imports, "hours.py", "def f():\n    from flask import request"),
    (impure_imports, "routing/x.py", '"""Deciding. Pure."""\nimport twilio.rest'),
    (work_at_import, "desk/x.py", "ENGINE = create_engine('sqlite://')"),
    (work_at_import, "desk/x.py", "class A:\n    text = open('a').read()"),
    (work_at_import, "desk/x.py", "def f(at=clock.now()):\n    return at"),
    (work_at_import, "desk/x.py", "from pathlib import Path\nWORDS = {w for w in Path('a').read_text()}"),
    (work_at_import, "desk/x.py", "print('ready')"),
    (work_at_import, "desk/x.py", "for n in range(3):\n    print(n)"),
    (work_at_import, "desk/x.py", "with lock:\n    A = 1"),
]


@pytest.mark.parametrize(("rule", "path", "code"), PLANTED)
def test_a_planted_fault_is_found(rule: Rule, path: str, code: str, tmp_path: Path) -> None:
    assert len(rule(_planted(tmp_path, {path: code}))) == 1


def test_impurity_is_found_through_a_module_of_ours(tmp_path: Path) -> None:
    tree = {"triage/why.py": "from triage.rows import Row", "triage/rows.py": "import sqlalchemy.orm"}
    assert impure_imports(_planted(tmp_path, tree)) == ["triage/why.py reaches sqlalchemy"]


HARMLESS = {
    "app.py": "from intake.phone import menu\ndef demo():\n    from demo.run import run_demo\n    return run_demo",
    "desk/clock.py": "from datetime import datetime\ndef real():\n    return datetime.now()",
    "desk/database.py": "def f(session):\n    session.commit()",
    "desk/settings.py": "import os\ndef f():\n    return os.environ['HOME']",
    "desk/x.py": '"""Doc."""\nimport time\nimport os.path\nA = time.monotonic\nB = lambda: open("a")\ndef f(clock):\n'
    "    return clock.now(), time.perf_counter()",
    "demo/carrier/x.py": "from desk.clock import Clock\nfrom demo.carrier import call\nimport hours",
    "intake/phone/x.py": "from . import menu\nfrom intake.concern import Concern\nfrom routing import closed",
}


def test_what_is_allowed_is_not_found(tmp_path: Path) -> None:
    sources = _planted(tmp_path, HARMLESS)
    rules: tuple[Rule, ...] = (wrong_imports, environment_reads, clock_reads, commits, impure_imports, work_at_import)
    assert [finding for rule in rules for finding in rule(sources)] == []


def _planted(root: Path, tree: dict[str, str]) -> list[Source]:
    for path, code in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(code, "utf-8")
    return read_sources(root)
