"""How long a wrong secret is looked at says nothing of the right one."""

import ast
from pathlib import Path

import pytest

INBOX = Path(__file__).parents[2] / "bot" / "inbox"


def is_secret(node: ast.AST) -> bool:
    return any("secret" in ast.unparse(one).lower() for one in ast.walk(node))


@pytest.mark.parametrize("door", ["webhook", "robot"])
def test_a_secret_is_compared_in_constant_time_and_in_no_other_way(door: str) -> None:
    tree = ast.parse((INBOX / f"{door}.py").read_text())
    nodes = list(ast.walk(tree))
    usual = [one.lineno for one in nodes if isinstance(one, ast.Compare) and is_secret(one)]
    constant = [
        one
        for one in nodes
        if isinstance(one, ast.Call)
        and ast.unparse(one.func) == "hmac.compare_digest"
        and any(is_secret(given) for given in one.args)
    ]
    assert not usual and len(constant) == 1
