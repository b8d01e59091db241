"""What SQLAlchemy has made of a statement is known to every database that a test opens.

It takes several times as long to make a statement as to run it, and each engine would make all of
them anew. In a service there is one.
"""

import sys
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

from bot.store import engine as engines

_known: dict[object, Engine] = {}


def _alike(url: Any, **options: Any) -> Engine:
    """As `create_engine`: what was made before for such an engine stays made."""
    made = create_engine(url, **options)
    kind = made.dialect.name, sys._getframe(1).f_code.co_name  # they begin in different ways
    first = _known.setdefault(kind, made)
    if first is made:
        vars(made)["_compiled_cache"] = LRUCache(5000)
    elif first.dialect.default_schema_name is not None:  # it has met a database
        vars(made)["dialect"] = first.dialect
        vars(made)["_compiled_cache"] = vars(first)["_compiled_cache"]
    return made


def share() -> None:
    vars(engines)["create_engine"] = _alike
