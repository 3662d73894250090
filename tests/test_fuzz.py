"""The fuzzer's targets hold for their seeds, and for whatever once broke them; the search itself is `tests.fuzz`."""

from __future__ import annotations

import pytest

from tests.fuzz import rotation
from tests.fuzz.target import Target, TooSlow, hold, joined, parts, text_of


@pytest.mark.parametrize("module", rotation.MODULES)
def test_every_target_is_named_where_it_is(module: str) -> None:
    assert set(rotation.targets_in(module)) == set(rotation.MODULES[module].split())


@pytest.mark.parametrize("name", rotation.NAMES)
def test_a_target_keeps_its_promises_for_its_seeds(name: str) -> None:
    target = rotation.targets_in(rotation.module_of(name))[name]
    seeds = list(target.seeds())

    assert seeds
    for seed in seeds:
        assert len(seed) <= 20 * target.longest
        hold(target, seed)


def raising(error: Exception) -> Target:
    def run(_: bytes) -> None:
        raise error

    return Target(run, list)


def test_what_the_project_raises_is_a_breach_and_so_is_time() -> None:
    with pytest.raises(KeyError):
        hold(raising(KeyError("a")), b"")
    with pytest.raises(TooSlow):
        hold(Target(lambda _: sum(range(10**6)), list, seconds=0), b"")


def test_what_a_library_raises_in_its_worker_is_none() -> None:
    failing = Target(lambda data: int.from_bytes(data, "middle"), list, libraries=("test_fuzz",))  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ValueError, match="byteorder"):  # raised by a line of ours
        hold(failing, b"")


def test_an_input_has_as_many_fields_as_are_asked_for() -> None:
    assert parts(joined("a", b"b"), 3) == [b"a", b"b", b""]
    assert parts(joined("a", "b", "c"), 2) == [b"a", joined("b", "c")]
    assert text_of("é\ud800".encode("utf-8", "surrogatepass")) == "é\ud800"
    assert text_of(b"\xff") == "\ufffd"


def test_the_tallies_make_a_table() -> None:
    rows = rotation.table([("pages", rotation.Tally(seconds=90, runs=12_345, breaches=1))]).splitlines()

    assert rows[2] == "| pages | 2 | 12,345 | 0 | 0 | 1 | 0 |"
