"""Which sources may be read as one translation unit: those of a folder with the same flags
whose unnamed namespaces share no name."""

import re
import shlex

UNNAMED = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)
# What a line that is not indented declares: its last name before a bracket, a base or the end.
DECLARED = re.compile(
    r"^(?!template|using|namespace|//|[#}])[^\s(={;\[][^(={;\[]*?\b(\w+)\s*(?:[(={;\[]|:(?!:)|$)",
    re.MULTILINE,
)
MOST = 32


def flags_of(command):
    """What a compile command says besides the compiler, the source and the object."""
    words = shlex.split(command)
    words = words[next(i for i, word in enumerate(words) if word.startswith("-")) :]
    places = [i + step for i, word in enumerate(words) if word in ("-o", "-c") for step in (0, 1)]
    return [word for i, word in enumerate(words) if i not in places]


def hidden_names(text):
    return {name for part in UNNAMED.findall(text) for name in DECLARED.findall(part)}


def groups(commands, kind_of=lambda path: None):
    """file -> compile command, as lists of at most MOST files of one kind, in the order they
    came."""
    found = []
    for path, command in commands.items():
        kind = (path.parent, flags_of(command), kind_of(path))
        names = hidden_names(path.read_text())
        for group_kind, taken, members in found:
            if group_kind == kind and len(members) < MOST and not taken & names:
                taken |= names
                members.append(path)
                break
        else:
            found.append((kind, names, [path]))
    return [members for _, _, members in found]
