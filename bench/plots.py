"""Plots of one run as SVG: CPU time per request, and latencies at a fixed rate."""

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot  # noqa: E402

from cells import REFERENCE  # noqa: E402
from ratios import median  # noqa: E402
from report import measured  # noqa: E402

LATENCIES = {"p50_ms": "p50", "p99_ms": "p99", "p999_ms": "p99.9"}
STEADY = {"svg.hashsalt": "weir", "svg.fonttype": "none"}  # the same figures, the same file


def write(results, into):
    with pyplot.rc_context(STEADY):
        for name, draw in {"cpu": cpu, "latency": latency}.items():
            figure = draw(results)
            figure.savefig(into / f"{name}.svg", metadata={"Date": None}, bbox_inches="tight")
            pyplot.close(figure)


def bars(axes, rows, names, value):
    """A group of bars for each of `rows`, (label, rounds): one bar for each proxy."""
    height = 0.8 / len(names)
    for place, name in enumerate(names):
        lengths = [value(rounds, name) for _, rounds in rows]
        at = [number + place * height - 0.4 + height / 2 for number in range(len(rows))]
        axes.barh(at, lengths, height, label=name)
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)  # the first row on top


def key(figure, axes):
    """Above the plots, where no bar is."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 0.9), ncols=len(labels))


def within(rounds, name, what):
    """nan, and so no bar, where there is no clean figure."""
    if name not in rounds[0]:
        return float("nan")
    value = median(rounds, name, what)
    return float("nan") if value is None else value


def cpu(results):
    """As parts of the reference peer's, so that all bodies fit on one axis."""
    rows = [(cell.name, rounds) for cell, rounds in measured(results)]
    figure, axes = pyplot.subplots(figsize=(9, 1 + 0.6 * len(rows)))

    def part(rounds, name):
        return within(rounds, name, "cpu_us") / within(rounds, REFERENCE, "cpu_us")

    bars(axes, rows, results["proxies"], part)
    for number, (cell, _) in enumerate(measured(results)):
        if cell.bar:
            axes.plot([cell.bar, cell.bar], [number - 0.4, number + 0.4], "k--", linewidth=1)
    axes.set_xlabel(f"CPU time per request, {REFERENCE} = 1; dashed: Weir's bar")
    key(figure, axes)
    return figure


def latency(results):
    rows = [(cell.name, rounds) for cell, rounds in measured(results) if cell.rate]
    figure, every = pyplot.subplots(
        1, len(LATENCIES), figsize=(12, 1 + 0.6 * len(rows)), sharey=True
    )
    for axes, (what, label) in zip(every, LATENCIES.items(), strict=True):
        bars(axes, rows, results["proxies"], lambda rounds, name: within(rounds, name, what))
        axes.set_xlabel(f"{label}, ms")
    key(figure, axes)
    return figure
