"""The page of one run: what it was measured on, and its tables in Markdown that reads well in a
terminal too."""

from cells import EVERY, IDLE, REFERENCE
from ratios import best_peer, errors, median, ratio, verdict


def page(results):
    parts = [
        header(results),
        cpu_table(results),
        latency_table(results),
        throughput_table(results),
        memory_table(results),
        failures(results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head, rows):
    """Columns of equal width; all but the first are of figures and to the right."""
    width = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    rule = ["-" * width[0], *("-" * (each - 1) + ":" for each in width[1:])]
    lines = [
        " | ".join([row[0].ljust(width[0]), *map(str.rjust, row[1:], width[1:])])
        for row in [head, rule, *rows]
    ]
    return "\n".join(f"| {line} |" for line in lines)


def header(results):
    machine, noise = results["machine"], results["noise"]
    kind = "virtual machine, " if machine["virtual"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    lines = [
        f"Weir of commit {results['commit']}, {results['date']}, {results['minutes']} minutes.",
        f"Machine: {kind}{machine['cpu']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, Linux {machine['kernel']}.",
        f"Versions: {versions}.",
        f"Noise: load average {noise['load_average_before']} before the run, "
        f"{noise['stolen']:.1%} of the cores' time stolen by other guests during it.",
    ]
    for name, why in results["left_out"].items():
        lines.append(f"Without {name}: {why}.")
    return "\n".join(lines)


def figure(value, digits, otherwise="void"):
    return otherwise if value is None else f"{value:.{digits}f}"


def measured(results):
    """The cells of this run and their rounds."""
    return [(cell, results["cells"][cell.name]) for cell in EVERY if cell.name in results["cells"]]


def medians(rounds, names, what, digits):
    """Of each proxy; "-" for one that takes no part or was asked too little for it."""
    return [
        "-" if name not in rounds[0]
        else "void" if errors(rounds, name)
        else figure(median(rounds, name, what), digits, "-")
        for name in names
    ]


def cpu_table(results):
    names = results["proxies"]
    head = ["µs CPU per request", *names, f"weir/{REFERENCE}", "bar", "weir/best peer", ""]
    rows = [[cell.name, *medians(rounds, names, "cpu_us", 2), *judged(cell, rounds)]
            for cell, rounds in measured(results)]
    bound = results["noise_bound"]
    note = (
        f"Medians of {len(measured(results)[0][1])} rounds of {results['seconds']} s. Ratios are "
        f"of the same round, ± half the distance of the outermost; where that distance is more "
        f"than {bound:.0%} of the median, none is told."
    )
    return f"{table(head, rows)}\n\n{note}"


def judged(cell, rounds):
    """Weir's ratios beside the bar, and whether it is met."""
    best = best_peer(rounds, [name for name in rounds[0] if name != "weir"])
    to_reference = ratio(rounds, "weir", REFERENCE)
    if not best:
        return ["void", "", "void", "void"]
    to_best = ratio(rounds, "weir", best)
    bar = f"{cell.bar:.2f}" if cell.bar else ""
    word = verdict(to_reference, to_best, cell.bar)
    return [str(to_reference), bar, f"{to_best} {best}", word]


def latency_table(results):
    names = results["proxies"]
    head = ["ms, p50 / p99 / p99.9", *names]
    rows = []
    for cell, rounds in measured(results):
        if cell.rate:
            each = zip(*(medians(rounds, names, f"{p}_ms", 2) for p in ("p50", "p99", "p999")),
                       strict=True)
            rows.append([cell.name, *(" / ".join(three) for three in each)])
    return table(head, rows)


def throughput_table(results):
    names = results["proxies"]
    rows = [[cell.name, *medians(rounds, names, "rps", 0)]
            for cell, rounds in measured(results) if not cell.rate]
    return table(["requests/s", *names], rows)


def memory_table(results):
    names = results["proxies"]
    rest = [f"{results['at_rest_mib'][name]:.1f}" for name in names]
    rows = [["at rest, MiB", *rest, "", ""]]
    for cell in IDLE:
        kib = {name: each.get("kib") for name, each in results["idle"][cell.name].items()}
        cells = [figure(kib[name], 2) if name in kib else "-" for name in names]
        rows.append([f"{cell.name}, KiB", *cells, f"{cell.bar}", idle_verdict(kib, cell.bar)])
    return table(["memory", *names, "bar", ""], rows)


def idle_verdict(kib, bar):
    """Not beside the best peer: nginx has what its connections need before there are any."""
    if kib["weir"] is None:
        return "void"
    return "met" if kib["weir"] <= bar else "not met"


def failures(results):
    """Why a cell is void: the first error of each proxy in it."""
    lines = [
        f"void: {cell.name}, {name}: {errors(rounds, name)[0]}"
        for cell, rounds in measured(results)
        for name in rounds[0]
        if errors(rounds, name)
    ]
    for name, each in results["idle"].items():
        lines += [f"void: {name}, {who}: {got['error']}"
                  for who, got in each.items() if "error" in got]
    return "\n".join(lines)
