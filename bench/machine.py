"""What the figures come from: the machine, its programs, and what else it did meanwhile."""

import os
import platform
import re
import subprocess
from pathlib import Path


def described():
    told = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", told)
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "virtual": bool(re.search(r"\bhypervisor\b", told)),
        "memory_gib": round(int(memory[1]) / 2**20, 1),
        "kernel": platform.release().split("-")[0],
    }


def tool_versions():
    h2load = subprocess.run(["h2load", "--version"], capture_output=True, text=True, timeout=20)
    wrk = subprocess.run(["wrk", "-v"], capture_output=True, text=True, timeout=20)
    found = re.search(r"wrk \S*?(\d[\w.-]*)", wrk.stdout + wrk.stderr)
    return {"h2load": h2load.stdout.split("/")[-1].strip(), "wrk": found[1] if found else "?"}


def clock():
    """Ticks of all cores since boot: busy, stolen by other guests, and in all."""
    fields = [int(each) for each in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return {"busy": sum(fields) - idle, "stolen": fields[7], "all": sum(fields)}


class Noise:
    """From its making on: the share of the cores that others took, as far as it can be told."""

    def __init__(self):
        self.load_before = os.getloadavg()[0]
        self.before = clock()

    def figures(self):
        now = clock()
        passed = now["all"] - self.before["all"]
        return {
            "load_average_before": round(self.load_before, 2),
            "stolen": round((now["stolen"] - self.before["stolen"]) / passed, 4),
            "busy": round((now["busy"] - self.before["busy"]) / passed, 4),
        }
