"""Plots of one run of the decision benchmark as SVG. Usage: plots.py results.json folder"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot  # noqa: E402

STEADY = {"svg.hashsalt": "weir", "svg.fonttype": "none"}  # the same figures, the same file
ALPHA = 0.01
FAULTS = (0.01, 0.05), (0.01, 0.50)  # stable's rate and the weight of each panel


def false_rollbacks(cells):
    """How often a good release is rolled back, by contender, in every cell without a fault."""
    healthy = [cell for cell in cells if cell["ratio"] == 1]
    names = [name for name in healthy[0]["contenders"] if name != "weir, every try"]
    figure, axes = pyplot.subplots(figsize=(9, 1 + 0.3 * len(healthy)))
    for name in names:
        records = [cell["contenders"][name] for cell in healthy]
        shares = [each["false_rollbacks"] / each["runs"] if each["runs"] else 0 for each in records]
        axes.plot([max(share, 1e-4) for share in shares], range(len(healthy)), "o", label=name)
    axes.axvline(ALPHA, color="black", linestyle="--", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(healthy)), [cell["cell"] for cell in healthy])
    axes.invert_yaxis()
    axes.set_xlabel("share of good releases rolled back (0 is drawn at 0.01 %); dashed: alpha")
    figure.legend(loc="upper center", ncols=4)
    return figure


def delays(cells):
    """Canary requests until a fault is found, by its size: early as lines, late dashed."""
    figure, every = pyplot.subplots(1, len(FAULTS), figsize=(11, 4.5), sharey=True)
    for axes, (rate, weight) in zip(every, FAULTS, strict=True):
        for late, style in ((False, "o-"), (True, "s--")):
            for colour, name in enumerate(("weir", "five checks", "argo")):
                draw_delays(axes, cells, rate, weight, late, name, style, f"C{colour}")
        axes.set_title(f"{rate:.0%} of errors at a weight of {weight:.0%}")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("times as many errors")
    every[0].set_ylabel("canary requests until rollback, median")
    every[0].legend()
    return figure


def draw_delays(axes, cells, rate, weight, late, name, style, colour):
    chosen = [
        (cell["ratio"], cell["contenders"][name]["delay_median"])
        for cell in cells
        if (cell["shape"], cell["stable_rate"], cell["weight"]) == ("plain", rate, weight)
        and cell["ratio"] > 1
        and (cell["onset"] > 0) == late
    ]
    found = [(ratio, delay) for ratio, delay in chosen if delay is not None]
    if found:
        label = f"{name}, late" if late else name
        axes.plot(*zip(*found, strict=True), style, color=colour, label=label)


def main(results, folder):
    cells = json.loads(Path(results).read_text())["cells"]
    with pyplot.rc_context(STEADY):
        for name, draw in {"false-rollbacks": false_rollbacks, "delays": delays}.items():
            figure = draw(cells)
            where = Path(folder) / f"{name}.svg"
            figure.savefig(where, metadata={"Date": None}, bbox_inches="tight")
            pyplot.close(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
