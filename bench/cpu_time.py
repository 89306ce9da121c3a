"""CPU time a process and all its descendants have used, in nanoseconds, as the scheduler
accounts it: user and system together, exact where /proc/PID/stat counts 10 ms ticks."""

from pathlib import Path


def children_of():
    """pid -> pids of its children, of every process there is."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(after_name[1]), []).append(int(entry.name))
    return children


def tree_of(pid):
    children, tree, waiting = children_of(), [], [pid]
    while waiting:
        tree.append(waiting.pop())
        waiting.extend(children.get(tree[-1], []))
    return tree


def threads_cpu_ns(pid):
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except FileNotFoundError:  # the thread has ended
            continue
    return total


def cpu_ns(pid):
    """Threads that ended in between are not counted: a server's do not."""
    return sum(threads_cpu_ns(member) for member in tree_of(pid))
