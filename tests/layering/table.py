"""What each folder of proxy/ may use, read from the table in proxy/README.md and from the
`weir_layer` lines of proxy/CMakeLists.txt."""

import re
from dataclasses import dataclass, field

ROW = re.compile(r"^\|(?P<names>[^|]*`[^|]*)\|\s*(?P<kind>pure|I/O)\s*\|[^|]*\|(?P<uses>[^|]*)\|")
LAYER = re.compile(r"^weir_layer\(\s*(\w+)((?:[^)])*)\)", re.MULTILINE)


@dataclass
class Layer:
    name: str  # of the folder; or main.cc
    pure: bool
    uses: set = field(default_factory=set)  # folders, not closed
    libraries: set = field(default_factory=set)  # as the table spells them
    everything: bool = False  # "all"


def read_table(text):
    """name -> Layer. Folders of a later row may use those of any row."""
    rows = [match for line in text.splitlines() if (match := ROW.match(line))]
    layers = {}
    for row in rows:
        for name in re.findall(r"`([^`]+)`", row["names"]):
            name = name.strip().rstrip("/")
            layers[name] = Layer(name, row["kind"] == "pure")
            for use in (use.strip(" `/") for use in row["uses"].split(",")):
                add_use(layers[name], use)
    for layer in layers.values():
        layer.uses, layer.libraries = (
            layer.uses & layers.keys(),
            layer.uses - layers.keys(),
        )
        if layer.everything:
            layer.uses = layers.keys() - {layer.name}
    return layers


def add_use(layer, use):
    if use == "all":
        layer.everything = True
    elif use not in ("", "std"):
        layer.uses.add(use)


def read_cmake(text):
    """name -> the folders after USES."""
    targets = {}
    for name, words in LAYER.findall(re.sub(r"#[^\n]*", "", text)):
        uses, keyword = set(), None
        for word in words.split():
            if word in ("USES", "LINKS"):
                keyword = word
            elif keyword == "USES":
                uses.add(word)
        targets[name] = uses
    return targets


def closure(name, uses_of):
    """All folders reached from `name`, itself excluded unless there is a cycle."""
    reached, waiting = set(), list(uses_of.get(name, ()))
    while waiting:
        used = waiting.pop()
        if used not in reached:
            reached.add(used)
            waiting.extend(uses_of.get(used, ()))
    return reached
