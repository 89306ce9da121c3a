"""What the binary itself says of how it was hardened, as CMakeLists.txt asks for it."""

import platform
import re
import subprocess

import pytest

from weir_process import BINARY


@pytest.fixture(scope="module")
def elf():
    return Elf(BINARY)


class Elf:
    def __init__(self, path):
        self.path = path
        self.imports = set(re.findall(r" UND (\w+)", self.read("--dyn-syms")))
        if self.imports & {"__asan_init", "__tsan_init"}:
            pytest.skip("sanitizers take the place of hardening")

    def read(self, *options):
        call = ["readelf", "--wide", *options, str(self.path)]
        return subprocess.run(call, capture_output=True, text=True, check=True).stdout

    def segments(self, kind):
        lines = self.read("--program-headers").splitlines()
        return [line.split() for line in lines if line.split()[:1] == [kind]]

    def dynamic(self, tag):
        found = re.search(rf"\({tag}\)\s+(.*)", self.read("--dynamic"))
        return found[1] if found else ""


def test_it_is_loaded_at_a_random_address(elf):
    assert re.search(r"Type:\s+DYN", elf.read("--file-header"))
    assert "PIE" in elf.dynamic("FLAGS_1")


def test_what_the_loader_filled_in_is_read_only_before_main(elf):
    assert elf.segments("GNU_RELRO")
    assert "NOW" in elf.dynamic("FLAGS_1")
    assert "BIND_NOW" in elf.dynamic("FLAGS")


def test_nothing_is_both_writable_and_executable(elf):
    (stack,) = elf.segments("GNU_STACK")
    assert "E" not in "".join(stack[6:-1])
    for segment in elf.segments("LOAD"):
        flags = "".join(segment[6:-1])
        assert not ("W" in flags and "E" in flags), segment


def test_stacks_are_guarded_and_copies_are_checked(elf):
    assert "__stack_chk_fail" in elf.imports
    fortified = {name for name in elf.imports if name.endswith("_chk")}
    assert fortified - {"__stack_chk_fail"}, "no call into glibc is fortified"


def producers(elf):
    """How each of Weir's own files was compiled, as the compiler noted it."""
    info = elf.read("--debug-dump=info", "--dwarf-depth=1")
    names = re.findall(r"DW_AT_producer.*?: (GNU C\+\+.*)\n.*\n.*DW_AT_name.*?: (.*)", info)
    return {name: flags for flags, name in names if "/proxy/" in name}


def test_every_file_of_weir_was_compiled_so(elf):
    compiled = producers(elf)
    assert len(compiled) > 50
    wanted = {"-fPIE", "-fstack-protector-strong", "-fstack-clash-protection"}
    if platform.machine() == "x86_64":
        wanted.add("-fcf-protection=full")
    bare = {name for name, flags in compiled.items() if not wanted <= set(flags.split())}
    assert not bare


@pytest.mark.skipif(platform.machine() != "x86_64", reason="CET is of x86-64")
def test_returns_may_be_held_to_a_shadow_stack(elf):
    note = elf.read("--notes")
    assert re.search(r"x86 feature:.*SHSTK", note)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="CET is of x86-64")
def test_indirect_branches_have_landing_pads(elf):
    call = ["objdump", "-d", "--no-show-raw-insn", "--section=.text", "--disassemble=main"]
    code = subprocess.run([*call, str(elf.path)], capture_output=True, text=True, check=True)
    assert re.search(r"<main>:\n\s*[0-9a-f]+:\s+endbr64", code.stdout)
