"""Custom ids are a stored format: messages of earlier releases carry them, and their buttons go on working."""

from __future__ import annotations

import re

import pytest

from bot.registry import BUTTON_CLASSES
from bot.render import custom_ids, limits
from retrieval.domain.ids import ArticleId, FollowId, PassageId, SpeakerId

LARGEST = 10**20 - 1
EXAMPLES = (
    ("more:1:2:3", custom_ids.MoreId(1, 2, 3)),
    ("about:1", custom_ids.AboutId(PassageId(1))),
    ("alone:1:2", custom_ids.AloneId(1, 2)),
    ("quote:1:2:3", custom_ids.QuoteId(1, SpeakerId(2), 3)),
    ("quote:1:2:3:4", custom_ids.QuoteId(1, SpeakerId(2), 3, 4)),
    ("fragments:1:2:3:4", custom_ids.FragmentsId(1, SpeakerId(2), 3, 4)),
    ("disputed:1:2:3", custom_ids.DisputedId(1, SpeakerId(2), 3)),
    ("unnamed:1:2:3", custom_ids.UnnamedId(1, 2, 3)),
    ("share:1:2:3", custom_ids.ShareId(ArticleId(1), 2, 3)),
    ("context:1:2:3", custom_ids.ContextId(ArticleId(1), 2, 3)),
    ("verify:1:2:3", custom_ids.VerifyId(ArticleId(1), 2, 3)),
    ("cite:1:2:3", custom_ids.CiteId(ArticleId(1), 2, 3)),
    ("wrong:1:2:3", custom_ids.WrongId(ArticleId(1), 2, 3)),
    ("report:1:2:3:1", custom_ids.ReportId(ArticleId(1), 2, 3, 1)),
    ("correct:1:2:3:4", custom_ids.CorrectId(ArticleId(1), 2, 3, 4)),
    ("give:1:2:3", custom_ids.GiveId(ArticleId(1), 2, 3)),
    ("dismiss:1:2:3", custom_ids.DismissId(ArticleId(1), 2, 3)),
    ("review:7:20:90:2", custom_ids.ReviewId(ArticleId(7), 20, 90, 2)),
    ("clear:1", custom_ids.ClearId(1)),
    ("excerpts", custom_ids.ExcerptsId()),
    ("speakers:1:2:3", custom_ids.SpeakersId(1, 2, 3)),
    ("compare:1:2:0:3", custom_ids.CompareId(1, 2, 0, SpeakerId(3))),
    ("latest:1:2:3", custom_ids.LatestId(1, 2, 3)),
    ("askone", custom_ids.AskMenuId()),
    ("quotedone", custom_ids.QuotedMenuId()),
    ("quotedin:1:2", custom_ids.QuotedInId(PassageId(1), 2)),
    ("delete:1", custom_ids.DeleteId(1)),
    ("delete:1:2", custom_ids.DeleteId(1, 2)),
    ("undo:1:2:3", custom_ids.UndoId(1, 2, 3)),
    ("remove:1:2:3", custom_ids.RemoveId(1, 2, 3)),
    ("unedit:1:2:3", custom_ids.UneditId(1, 2, 3)),
    ("pick:1", custom_ids.PickArticlesId(1)),
    ("discard:1:2", custom_ids.RemovePickedId(1, 2)),
    ("back:1:2", custom_ids.BringBackId(1, 2)),
    ("form:1", custom_ids.FormId(1)),
    ("articles:1:2:3", custom_ids.ArticlesId(1, 2, 3)),
    ("feeds:1:2", custom_ids.FeedsId(1, 2)),
    ("unfollow:1", custom_ids.UnfollowId(FollowId(1))),
    ("follows:1:2", custom_ids.FollowsId(1, 2)),
    ("stopfollow:1:2:3", custom_ids.StopFollowId(1, 2, FollowId(3))),
    ("audit:1:1:2", custom_ids.AuditId(1, people=True, page=2)),
    ("retain:1:30", custom_ids.RetainId(1, 30)),
    ("forget:1:0", custom_ids.ForgetId(1, sure=False)),
    ("erase:1:1", custom_ids.EraseId(1, sure=True)),
    ("merge:1:2", custom_ids.MergeId(SpeakerId(1), SpeakerId(2))),
    ("split:1:2:1:7", custom_ids.SplitId(SpeakerId(1), 2, shared=True, part=7)),
    ("unrule:1", custom_ids.UndoOverrideId(1)),
)


@pytest.mark.parametrize(("text", "custom_id"), EXAMPLES)
def test_the_text_of_a_custom_id_stays(text: str, custom_id: custom_ids.CustomId) -> None:
    assert str(custom_id) == text
    assert type(custom_id).parse(text) == custom_id
    assert (
        len([button for button in BUTTON_CLASSES if re.fullmatch(button.__discord_ui_compiled_template__, text)]) == 1
    )


def test_every_button_has_an_example() -> None:
    assert len({type(custom_id) for _, custom_id in EXAMPLES}) == len(BUTTON_CLASSES)


@pytest.mark.parametrize("kind", {type(custom_id) for _, custom_id in EXAMPLES}, ids=lambda kind: kind.__name__)
def test_the_longest_custom_id_is_not_longer_than_discord_takes(kind: type[custom_ids.CustomId]) -> None:
    longest = re.sub(r"\((?:\?:|\?P<\w+>)|\)\??|\[.*?\]", "", kind.pattern())
    longest = re.sub(r"\\d{1,(\d+)}", lambda digits: "9" * int(digits[1]), longest)
    assert len(longest) < limits.CUSTOM_ID


@pytest.mark.parametrize("text", ["more:1:2", "more:1:2:3:4", "more:x:2:3", "more:1:2:1000", f"delete:{LARGEST + 1}"])
def test_a_custom_id_that_no_button_carries_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        (custom_ids.MoreId if text.startswith("more") else custom_ids.DeleteId).parse(text)


def test_no_button_is_made_whose_custom_id_would_not_be_recognised() -> None:
    with pytest.raises(ValueError, match="is no MoreId"):
        custom_ids.MoreId(1, 2, 1000).button("More passages")


def test_a_number_too_large_for_the_archive_becomes_the_largest_that_it_could_hold() -> None:
    assert custom_ids.DeleteId.parse(f"delete:{LARGEST}") == custom_ids.DeleteId(2**63 - 1)
