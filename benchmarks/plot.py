"""Results as a chart: seconds and memory over the number of objects, both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from benchmarks import ratios
from benchmarks.contenders import BASE, BEFORE, SECOND, WARM
from benchmarks.results import Results

# Colours that differ on white and on black, also for red-green colour-blind readers.
LINES = {
    BASE: "#d55e00",
    "gator": "#b8639b",
    "opa eval": "#009e73",
    WARM: "#2a86c8",
    BEFORE: "#808080",
    SECOND: "#c98a00",
}
_WIDTH, _HEIGHT, _LEFT, _TOP, _APART = 320, 240, 50, 40, 520
# The distance between the names at the ends of the lines.
_PITCH = 14
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}line{stroke:#8888;stroke-width:.5}"
    "polyline{fill:none;stroke-width:2}.t{font-weight:600}"
    "@media(prefers-color-scheme:dark){text{fill:#ccc}}"
)
_Points = Sequence[tuple[float, float]]


def svg(results: Results) -> str:
    """Return a self-contained chart that follows the reader's light or dark theme."""
    panels = (("seconds", ratios.wall, 1.0), ("peak memory, MiB", ratios.memory, 2.0**20))
    parts = [
        part
        for place, (title, cost, unit) in enumerate(panels)
        for part in _panel(title, _series(results, cost, unit), _LEFT + place * _APART)
    ]
    width, height = 2 * _APART, _TOP + _HEIGHT + 50
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    title = "Seconds and peak memory over the number of objects"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{title}</title>'
    return "\n".join([head, f"<style>{_STYLE}</style>", *parts, "</svg>\n"])


def _series(results: Results, cost: ratios.Cost, unit: float) -> dict[str, _Points]:
    found: dict[str, _Points] = {}
    for name in LINES:
        samples = [(each.objects, each.median(name)) for each in results.clusters()]
        points = [
            (math.log10(objects), math.log10(cost(sample) / unit))
            for objects, sample in samples
            if sample and not sample.fault
        ]
        if points:
            found[name] = points
    return found


def _panel(title: str, series: dict[str, _Points], left: float) -> Iterator[str]:
    """Draw the lines in a frame of whole powers of ten, with each name at the end of its line."""
    points = [point for line in series.values() for point in line] or [(0.0, 0.0)]
    (left_end, right_end), (bottom, top) = map(_powers, zip(*points, strict=True))

    def x(value: float) -> float:
        return left + (value - left_end) / (right_end - left_end) * _WIDTH

    def y(value: float) -> float:
        return _TOP + _HEIGHT - (value - bottom) / (top - bottom) * _HEIGHT

    yield f'<text class="t" x="{left}" y="{_TOP - 16}">{title}</text>'
    for power in range(left_end, right_end + 1):
        yield _rule(x(power), _TOP, x(power), _TOP + _HEIGHT)
        yield _text(x(power), _TOP + _HEIGHT + 18, f"{10**power:,}", "middle")
    for power in range(bottom, top + 1):
        yield _rule(left, y(power), left + _WIDTH, y(power))
        yield _text(left - 6, y(power) + 4, f"{10.0**power:,g}", "end")
    yield _text(left + _WIDTH / 2, _TOP + _HEIGHT + 38, "objects", "middle")
    above: dict[float, float] = {}
    for name, line in sorted(series.items(), key=lambda item: y(item[1][-1][1])):
        spots = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line)
        yield f'<polyline points="{spots}" style="stroke:{LINES[name]}"/>'
        end, height = line[-1]
        above[end] = max(y(height) + 4, above.get(end, -math.inf) + _PITCH)
        yield _text(x(end) + 6, above[end], escape(name), "start", f"fill:{LINES[name]}")


def _powers(logarithms: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten around the values, at least one apart."""
    low = math.floor(min(logarithms))
    return low, max(math.ceil(max(logarithms)), low + 1)


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str, style: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} style="{style}">{text}</text>'
