"""curl and wget. Each function makes a visit: base URL, authority, steps -> answers."""

import subprocess
import tempfile
from pathlib import Path

from steps import Answer
from waiting import scaled
from wire import parse_fields

PATIENCE_SECONDS = 20


def read_head(text):
    """Status and fields of the last response, and what followed it: its trailers."""
    blocks = [block.strip().splitlines() for block in text.replace("\r", "").split("\n\n")]
    blocks = [[line.strip() for line in block] for block in blocks if block]
    last = max(at for at, block in enumerate(blocks) if block[0].startswith("HTTP/"))
    trailers = [pair for block in blocks[last + 1 :] for pair in parse_fields(block)]
    return int(blocks[last][0].split(" ")[1]), parse_fields(blocks[last][1:]), trailers


def answer_in(head, body):
    status, fields, trailers = read_head(head)
    return Answer.of(status, fields, body.read_bytes() if body.exists() else b"", trailers)


def curl_step(step, base, authority, folder, number):
    """One step's part of a command line that makes the whole visit."""
    sent, options = folder / f"{number}.sent", ["-sS", "-L", "--max-time", scaled(PATIENCE_SECONDS)]
    options += ["--cacert", authority.certificate, "--noproxy", "*"]
    options += ["-b", folder / "cookies", "-c", folder / "cookies"]
    options += ["-D", folder / f"{number}.head", "-o", folder / f"{number}.body"]
    if step.method == "HEAD":
        options += ["-I"]
    elif step.method not in ("GET", "POST"):
        options += ["-X", step.method]
    if step.body is not None:
        sent.write_bytes(step.body)
        options += ["--data-binary", f"@{sent}", "--expect100-timeout", scaled(10)]
    fields = [*step.fields, ("Transfer-Encoding", "chunked") if step.chunked else None,
              ("Expect", "100-continue") if step.expect else None]
    for pair in filter(None, fields):
        options += ["-H", ": ".join(pair)]
    return [*options, base + step.path]


def curl_visit(base, authority, steps, folder):
    command = []
    for number, step in enumerate(steps):
        command += ["--next", *curl_step(step, base, authority, folder, number)]
    subprocess.run(["curl", *map(str, command[1:])], check=True, stdin=subprocess.DEVNULL)
    answers = {}
    for number, step in enumerate(steps):
        head = (folder / f"{number}.head").read_text("latin-1")
        answers[step.name] = answer_in(head, folder / f"{number}.body")
        if step.method == "HEAD":  # what -I writes instead of a body
            answers[step.name].length, answers[step.name].sha256 = 0, Answer.of(0, [], b"").sha256
    return answers


def visits_of(steps):
    """A process for each jar of cookies."""
    parts = []
    for step in steps:
        if step.fresh or not parts:
            parts.append([])
        parts[-1].append(step)
    return parts


def by_curl(base, authority, steps):
    answers = {}
    for part in visits_of(steps):
        with tempfile.TemporaryDirectory() as folder:
            answers |= curl_visit(base, authority, part, Path(folder))
    return answers


def wget(base, authority, folder, *options):
    """What it wrote to standard error."""
    command = ["wget", "-q", "-S", "--content-on-error", "--no-hsts", "--no-proxy", "--no-config",
               "--tries=1", f"--timeout={scaled(PATIENCE_SECONDS)}",
               f"--ca-certificate={authority.certificate}", "--keep-session-cookies",
               f"--load-cookies={folder}/cookies", f"--save-cookies={folder}/cookies"]
    done = subprocess.run(
        [*command, *map(str, options)], capture_output=True, stdin=subprocess.DEVNULL
    )
    return done.stderr.decode("latin-1")


def wget_step(step, base, authority, folder):
    body, sent = folder / "body", folder / "sent"
    body.unlink(missing_ok=True)
    # With --method=HEAD it waits for a body.
    options = ["--spider"] if step.method == "HEAD" else [f"--method={step.method}"]
    options += ["-O", body]
    if step.body is not None:
        sent.write_bytes(step.body)
        options.append(f"--body-file={sent}")
    options += [f"--header={name}: {value}" for name, value in step.fields]
    said = wget(base, authority, folder, *options, base + step.path)
    blocks = said.replace("  HTTP/", "\n\n  HTTP/")
    return answer_in(blocks, body)


def by_wget(base, authority, steps):
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        for step in steps:
            if step.fresh or step is steps[0]:
                Path(folder, "cookies").write_text("")
            answers[step.name] = wget_step(step, base, authority, Path(folder))
    return answers
