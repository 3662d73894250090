from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SEEDS: Final = ROOT / "seeds"
SEED: Final = SEEDS / "gaza-cease-fire-vote.txt"
FIXTURES: Final = ROOT / "tests" / "fixtures"
