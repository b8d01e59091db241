"""A line drawing with logarithmic axes, as SVG: no library is worth its weight for one."""

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 640, 320, 70, 20, 50, 170
COLOURS = ("#1f5fa8", "#b3541e", "#2e7d32")


def drawing(x_title: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Each line by its name: points (x, y), all above zero."""
    points = [point for line in lines.values() for point in line]
    xs = _axis([x for x, _ in points])
    ys = _axis([y for _, y in points])

    def x_of(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * _share(value, xs)

    def y_of(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(value, ys)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in range(xs[0], xs[1] + 1):
        x = x_of(10.0**power)
        parts.append(_rule(x, TOP, x, HEIGHT - BOTTOM))
        parts.append(_words(x, HEIGHT - BOTTOM + 16, f"{10**power:,}", "middle"))
    for power in range(ys[0], ys[1] + 1):
        y = y_of(10.0**power)
        parts.append(_rule(LEFT, y, WIDTH - RIGHT, y))
        parts.append(_words(LEFT - 6, y + 4, f"{10.0**power:g}", "end"))
    parts.append(_words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_title, "middle"))
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = line[-1]
        parts.append(_words(x_of(x) + 8, y_of(y) + 4, name, "start", colour))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axis(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _share(value: float, axis: tuple[int, int]) -> float:
    return (math.log10(value) - axis[0]) / (axis[1] - axis[0])


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _words(x: float, y: float, text: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
