"""All classes of cases, one module each: `TITLE` and `CASES`."""

import importlib
from pathlib import Path

ORDER = (
    "request_line target host field_names field_values content_length transfer_encoding "
    "chunk_grammar trailers bodies expect early_answers pipelining nominations aliases upgrade "
    "connect_and_trace other_protocols answer_heads answer_framing answer_ends interim_answers"
).split()


def load():
    """Class by name."""
    here = {path.stem for path in Path(__file__).parent.glob("*.py")} - {"__init__"}
    assert here == set(ORDER), f"not in ORDER, or missing: {here ^ set(ORDER)}"
    return {name: importlib.import_module(f"classes.{name}") for name in ORDER}
