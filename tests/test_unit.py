"""The systemd unit agrees with what it starts (exit codes, watchdog, archive), and with OPERATING.md."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from bot.background.heartbeat import EVERY_SECONDS
from config.exit_codes import ExitCode
from config.settings import Settings
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNIT = ROOT / "config" / "pullquote.service"
OPERATING = (ROOT / "config" / "OPERATING.md").read_text(encoding="utf-8")
LEAST_EXPOSED = 3.0


@pytest.fixture(scope="module")
def unit() -> Mapping[str, Sequence[str]]:
    """What each directive is set to, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


def test_what_does_not_heal_is_not_tried_again_and_everything_else_is(unit: Mapping[str, Sequence[str]]) -> None:
    [given_up] = unit["RestartPreventExitStatus"]

    assert given_up.split() == [str(code.value) for code in ExitCode if code.lasting]
    assert unit["Restart"] == ["on-failure"]
    assert unit["StartLimitIntervalSec"] == ["0"]


def test_the_watchdog_waits_for_several_beats(unit: Mapping[str, Sequence[str]]) -> None:
    assert unit["Type"] == ["notify"]
    assert int(unit["WatchdogSec"][0]) >= 3 * EVERY_SECONDS


def test_a_stop_waits_for_the_longest_drain(unit: Mapping[str, Sequence[str]]) -> None:
    [longest] = [rule.le for rule in Settings.model_fields["drain_seconds"].metadata if hasattr(rule, "le")]

    assert int(unit["TimeoutStopSec"][0]) > longest


def test_the_operating_page_installs_what_the_unit_starts(unit: Mapping[str, Sequence[str]]) -> None:
    folder = unit["WorkingDirectory"][0]

    assert unit["ExecStart"] == [f"{folder}/.venv/bin/python -m bot"]
    assert f"git clone ADDRESS {folder}" in OPERATING
    assert re.search(rf"useradd .*\b{unit['User'][0]}$", OPERATING, re.MULTILINE)
    assert f"ARCHIVE_PATH=/var/lib/{unit['StateDirectory'][0]}/" in OPERATING
    assert f"{folder}/config/{UNIT.name}" in OPERATING


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_the_unit_is_hardened() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    exposure = re.search(r"Overall exposure level.*: ([\d.]+)", said)

    assert exposure, said
    assert float(exposure[1]) < LEAST_EXPOSED
