"""A trial: do the tests notice that this mutant stands where the rules should?

Each has a process of its own. Where the body of one function is all that differs, that process
is forked from one that has collected the tests, and runs only those that call the function,
the quickest first. Any other mutant is imported afresh in the place of its file.
"""

import gc
import importlib
import os
import pickle
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant, mutants, unharmed
from tests.mutation.record import Key

LONGEST = 15
"""Seconds of work after which a trial ends: this mutant never comes to rest."""

FAILED = (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
"""How pytest ends where a mutant is noticed: by a test, or when a test is imported."""

BROKEN = 70

NOTHING = Path(__file__).with_name("__init__.py")

MEMORY = 2**31
"""Bytes that a trial may take."""

OPTIONS = (
    *("-x", "-s", "--noconftest", "-p", "no:cacheprovider", "-p", "no:terminal"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of plugins imported here already
)

Tried = dict[Key, bool]
"""Whether each mutant survived."""


def try_all(file: str, tests: Sequence[str]) -> Tried:
    """Every mutant of this file against these tests. The tests pass without any."""
    tried: Tried
    tried, others = _in_fork(partial(_beside_the_tests, file, tests))
    pytest.main([*OPTIONS, "--collect-only", str(NOTHING)])  # so that plugins are imported once
    if not _survives(partial(_imported, unharmed(file), tests)):
        raise SystemExit(f"The tests of {file} fail without any mutant.")
    for mutant in others:
        tried[mutant.key] = _survives(partial(_imported, mutant, tests))
    return tried


# --- mutants of one function's body -------------------------------------------------------


def _beside_the_tests(file: str, tests: Sequence[str]) -> tuple[Tried, list[Mutant]]:
    """Tries those that differ in one body; leaves the others."""
    trials = _Trials(file)
    _the_same_examples()
    began = pytest.main([*OPTIONS, *tests], plugins=[trials]) == 0
    if not began or not trials.tried.pop(unharmed(file).key):
        raise SystemExit(f"The tests of {file} fail without any mutant.")
    return trials.tried, trials.others


class _Trials:
    """A pytest plugin: once without a mutant, to see which test calls what; then each mutant."""

    def __init__(self, file: str) -> None:
        self.tried: Tried = {}
        self.others: list[Mutant] = []
        self._file = Path(file)
        self._calls = _Calls(str(self._file.resolve()))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        callers = _in_fork(partial(self._callers, session.items))
        whole = unharmed(str(self._file))
        module = importlib.import_module(whole.module)
        busiest = max(callers, key=lambda name: len(callers[name]))
        for mutant in (replace(whole, function=busiest), *mutants(whole, module)):
            if mutant.function is None:
                self.others.append(mutant)
                continue
            items = [session.items[at] for at in callers.get(mutant.function, ())]
            self.tried[mutant.key] = _survives(partial(self._stands_in, mutant, module, items))
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """The first test that fails ends the trial, before pytest draws what it saw."""
        if call.excinfo is not None:
            sys.stderr.write(f"{call.excinfo.exconly()}\n")
            os._exit(pytest.ExitCode.TESTS_FAILED)

    def _callers(self, items: Sequence[pytest.Item]) -> dict[str, list[int]]:
        """For each function the tests that call it, the quickest first."""
        callers: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for at, item in enumerate(items):
            start = time.perf_counter()
            for name in self._calls.of(partial(_run, item)):
                callers[name].append((time.perf_counter() - start, at))
        return {name: [at for _, at in sorted(found)] for name, found in callers.items()}

    def _stands_in(self, mutant: Mutant, module: ModuleType, items: Sequence[pytest.Item]) -> int:
        assert mutant.function is not None
        path = mutant.function.split(".")
        function: Any = module
        code = compile(mutant.source, str(self._file), "exec")
        for name in path:
            function = vars(function)[name]
            code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
        if isinstance(function, property):
            function = function.fget
        function.__code__ = code
        for item in items:
            _run(item)
        return 0


class _Calls:
    """Which functions of a file are called meanwhile, the outermost by name."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._seen: set[str] = set()

    def of(self, run: Callable[[], None]) -> set[str]:
        self._seen = set()
        sys.setprofile(self._note)
        try:
            run()
        finally:
            sys.setprofile(None)
        return self._seen

    def _note(self, frame: FrameType, event: str, arg: object) -> None:
        if event == "call" and frame.f_code.co_filename == self._file:
            self._seen.add(frame.f_code.co_qualname.partition(".<locals>")[0])


def _run(item: pytest.Item) -> None:
    item.ihook.pytest_runtest_protocol(item=item, nextitem=None)


# --- any other mutant ---------------------------------------------------------------------


def _imported(mutant: Mutant, tests: Sequence[str]) -> int:
    sys.meta_path.insert(0, _Instead(mutant))
    _the_same_examples()
    ends = (int(pytest.main([*OPTIONS, test])) for test in tests)  # one by one: most die early
    return next((end for end in ends if end != 0), 0)


class _Instead(MetaPathFinder, Loader):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        file = self._mutant.key.file
        return (
            spec_from_file_location(name, file, loader=self)
            if name == self._mutant.module
            else None
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, self._mutant.key.file, "exec"), vars(module))


# --- processes ----------------------------------------------------------------------------


def _the_same_examples() -> None:
    """Hypothesis tries the same examples each time, and does not look for simpler ones."""
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile(
        "mutants", derandomize=True, database=None, phases=phases, report_multiple_bugs=False
    )
    settings.load_profile("mutants")


def _survives(trial: Callable[[], int]) -> bool:
    gc.freeze()
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
        try:
            os._exit(trial())
        finally:
            os._exit(BROKEN)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if end > max(FAILED):
        raise SystemExit(f"A trial ended with {end}: it is no trial.")
    return end == 0


def _in_fork(work: Callable[[], Any]) -> Any:
    """What this returns in a process of its own, so that nothing it imports or starts stays."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe)
            pipe.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        raise SystemExit("A process that tries mutants has died.")
    return pickle.loads(answer)
