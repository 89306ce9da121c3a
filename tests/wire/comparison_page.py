"""The page that compares proxies, in Markdown."""

INTRODUCTION = """# The wire suite: Weir and its peers

Written by `tests/wire/compare.sh`; every case is a few lines in `tests/wire/classes/`. Each
is a client's bytes, or a pool's answer, sent as they stand to a proxy before an origin that
records and reads strictly.

**What "allowed" means.** A case has two lists. `must`: every outcome the RFC named beside it
allows. `policy`: what Weir makes of it where the RFC leaves a choice. A proxy **keeps the
RFC** where its outcome is one of `must`, what reached the pool is whole, well-formed requests,
one for each answer, and nobody got another's answer. It **does as Weir** where the outcome is
one of `policy` as well, and a refusal is one small answer and a close. Doing otherwise than
Weir is no fault: peers choose to be lenient, or to be strict elsewhere. Their configurations
are in `tests/wire/peers/`: their defaults, and what gives a pool the same fields. Each case
runs once here; the suite itself also cuts one or more of each class at every position.

Outcomes: `ok` the pool's answer, whole; `cut` ended early; a number, the proxy's own answer;
`close` closed without a word; `wait` open and silent.
"""


def count(loaded, key, seen, judge):
    cases = loaded[key].CASES
    return sum(judge(seen[key, each.name], each) for each in cases)


def keeps(observed, case):
    return observed.meets_must(case)


def does(observed, case):
    return observed.meets_policy(case)


def totals(loaded, versions, seen):
    head = "".join(f" {name} {version} | |" for name, version in versions.items())
    lines = [
        f"| class | cases |{head}",
        "| --- | --- |" + " --- | --- |" * len(versions),
        "| | |" + " keeps the RFC | does as Weir |" * len(versions),
    ]
    sums = [0] * (1 + 2 * len(versions))
    for key, module in loaded.items():
        row = [len(module.CASES)]
        for name in versions:
            row += [count(loaded, key, seen[name], judge) for judge in (keeps, does)]
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        lines.append(f"| {module.TITLE} | " + " | ".join(map(str, row)) + " |")
    return [*lines, "| **all** | " + " | ".join(f"**{each}**" for each in sums) + " |"]


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def told(observed, trouble):
    return cell("; ".join([f"`{observed.outcome}`", *dict.fromkeys(trouble)]))[:260]


def departures(loaded, name, seen):
    """Where a proxy does not keep the RFC."""
    for key, module in loaded.items():
        for case in module.CASES:
            observed = seen[key, case.name]
            if not keeps(observed, case):
                yield (f"| {module.TITLE}: {case.name} | {case.rfc} | `{cell(case.must)}` "
                       f"| {told(observed, observed.broken)} |")


def choices(loaded, versions, seen):
    """Where a peer keeps the RFC, but otherwise than Weir."""
    for key, module in loaded.items():
        for case in module.CASES:
            others = []
            for name in versions:
                observed = seen[name][key, case.name]
                differs = keeps(observed, case) and not does(observed, case)
                others.append(told(observed, observed.unshapely) if differs else "")
            if any(others):
                yield (f"| {module.TITLE}: {case.name} | {case.rfc} | `{cell(case.policy)}` | "
                       + " | ".join(others) + " |")


def page(loaded, versions, seen):
    lines = [INTRODUCTION, *totals(loaded, versions, seen)]
    for name, version in versions.items():
        rows = list(departures(loaded, name, seen[name]))
        lines += ["", f"## {name} {version}: {len(rows)} outcomes the RFC does not allow", ""]
        if rows:
            lines += ["| case | RFC | allowed | seen |", "| --- | --- | --- | --- |", *rows]
    rows = list(choices(loaded, versions, seen))
    lines += ["", f"## {len(rows)} cases in which a peer chooses otherwise than Weir", "",
              "Empty: as Weir, or listed above.", "",
              "| case | RFC | Weir's policy | " + " | ".join(versions) + " |",
              "| --- | --- | --- |" + " --- |" * len(versions), *rows]
    return "\n".join(lines) + "\n"
