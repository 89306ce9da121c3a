"""Clients of other languages: small programs beside this page, built into build/clients/.
Each function makes a visit: base URL, authority, steps -> answers."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from steps import Answer
from waiting import scaled
from weir_process import ROOT

HERE = Path(__file__).resolve().parent
BUILT = ROOT / "build" / "clients"
PATIENCE_SECONDS = 100


def run(*command, **options):
    """Standard output; whatever goes wrong is an error that shows what was said."""
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL,
        timeout=scaled(PATIENCE_SECONDS), **options,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@functools.cache
def go_program():
    BUILT.mkdir(parents=True, exist_ok=True)
    run("go", "build", "-o", BUILT / "visit", HERE / "go" / "visit.go",
        env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-trimpath"})
    return [BUILT / "visit"]


@functools.cache
def java_program():
    run("javac", "-d", BUILT / "java", HERE / "java" / "Visit.java")
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", BUILT / "java", "Visit"]


@functools.cache
def node_program(name="visit"):
    """Beside its packages, where Node looks for them."""
    there = BUILT / "node"
    there.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "node").iterdir():
        shutil.copy(file, there)
    if not (there / "node_modules" / "undici").exists():
        run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", cwd=there)
    return ["node", there / f"{name}.cjs"]


def written(step, number, folder):
    """name, method, path, how the body is sent, its file, fresh or not, fields …"""
    mode, file = "none", Path(folder, str(number))
    if step.body is not None:
        file.write_bytes(step.body)
        mode = "chunked" if step.chunked else "length"
    fields = [f"{name}: {value}" for name, value in step.fields]
    fields += ["Expect: 100-continue"] if step.expect else []
    fresh = "fresh" if step.fresh else "kept"
    return "\t".join([step.name, step.method, step.path, mode, str(file), fresh, *fields])


def read(report):
    answers = {}
    for line in report.splitlines():
        kind, _, value = line.partition(" ")
        if kind == "step":
            answers[value] = answer = Answer()
        elif kind in ("field", "trailer"):
            name, _, content = value.partition(": ")
            kept = answer.fields if kind == "field" else answer.trailers
            kept[name.lower()] = content
        else:
            setattr(answer, kind, value if kind == "sha256" else int(value))
    return answers


def visit(program, base, authority, steps):
    with tempfile.TemporaryDirectory() as folder:
        lines = [written(step, number, folder) for number, step in enumerate(steps)]
        plan = Path(folder, "steps")
        plan.write_text("\n".join(lines) + "\n")
        return read(run(*program(), base, authority.certificate, plan))


by_go = functools.partial(visit, go_program)
by_java = functools.partial(visit, java_program)
by_undici = functools.partial(visit, node_program)
