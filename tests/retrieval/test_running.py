"""Whether another process is the bot of an archive."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from config.settings import Settings
from retrieval.archive.sqlite.files import RunningLock
from retrieval.assembly import open_newsroom
from tests.support.fakes import HashingEmbedder
from tests.support.paths import ROOT

HOLD = """
import sys, time
from pathlib import Path
from retrieval.archive.sqlite.files import RunningLock
lock = RunningLock(Path(sys.argv[1]))
print(lock.is_alone(), flush=True)
time.sleep(60)
"""


def test_a_second_bot_is_noticed_until_the_first_is_killed(tmp_path: Path) -> None:
    archive = tmp_path / "news.sqlite3"
    lock = RunningLock(archive)
    command = [sys.executable, "-c", HOLD, str(archive)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not lock.is_alone()
        other.kill()
        other.wait()
        assert lock.is_alone()
        assert lock.is_alone()
    assert stat.S_IMODE((tmp_path / "news.sqlite3-running").stat().st_mode) == 0o600


def test_a_lock_that_is_let_go_is_another_s(tmp_path: Path) -> None:
    first, second = RunningLock(tmp_path / "a"), RunningLock(tmp_path / "a")
    open_files = len(list(Path("/dev/fd").iterdir()))
    assert first.is_alone()
    assert not second.is_alone()
    first.release()
    first.release()
    assert second.is_alone()
    second.release()
    assert len(list(Path("/dev/fd").iterdir())) == open_files


def test_where_no_lock_can_be_made_nobody_is_suspected(tmp_path: Path) -> None:
    assert RunningLock(tmp_path / "no-such-folder" / "a").is_alone()


def test_a_bot_that_ends_in_good_order_lets_go(tmp_path: Path) -> None:
    archive = tmp_path / "news.sqlite3"
    settings = Settings(_env_file=None, archive_path=archive, seeds_path=tmp_path / "none")
    with open_newsroom(settings, HashingEmbedder(), needs_model=False) as room:
        assert room.is_alone()
        assert not RunningLock(archive).is_alone()
        room.withdraw()
        assert RunningLock(archive).is_alone()
