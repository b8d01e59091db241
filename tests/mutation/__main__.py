"""`python -m tests.mutation [FILE ...]`: tries every mutant and keeps the record.

Ends with an error when one survives that `equivalents.toml` does not explain, or one explained
there is killed or does not exist any more.
"""

import sys
import time
from importlib.metadata import version

from tests.mutation.record import SUBJECTS, Result, code, code_of_tests, equivalents, keep
from tests.mutation.trial import try_all


def main(files: list[str]) -> int:
    explained = equivalents()
    wrong = 0
    for file in files or SUBJECTS:
        start, tests = time.monotonic(), SUBJECTS[file]
        tried_code, tried_by = code(file), code_of_tests(tests)
        tried = try_all(file, tests)
        survivors = {key for key, survived in tried.items() if survived}
        reasons = {key for key in explained if key.file == file}
        for key in tried:
            if key in survivors - reasons:
                say(f"SURVIVED {key}")
        for key in reasons - survivors:
            say(f"EXPLAINED, BUT {'KILLED' if key in tried else 'GONE'} {key}")
        wrong += len(survivors ^ reasons)
        killed = len(tried) - len(survivors)
        say(f"{file}: {killed} of {len(tried)} killed, {time.monotonic() - start:.0f} s")
        if survivors == reasons:
            left, tool = len(survivors), version("mutmut")
            keep(file, Result(len(tried), killed, left, tried_code, tried_by, tool))
    return 1 if wrong else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
