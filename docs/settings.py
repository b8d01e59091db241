"""Writes the settings table of docs/operating.md from bot/settings.py."""

from pathlib import Path

from bot.settings import settings_table

GUIDE = Path(__file__).parent / "operating.md"
BEGIN = "<!-- settings: made by `make docs` -->\n"
END = "<!-- end of settings -->\n"


def with_table(page: str) -> str:
    """The page with the table of today's settings between its two marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{settings_table()}{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(with_table(GUIDE.read_text("utf-8")), "utf-8")
