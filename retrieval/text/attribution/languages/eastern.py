"""Attribution in Japanese and Chinese, where a name stands beside a verb of speech and shows that it is one.

In Japanese a title follows the name before は or が: 「…」と田中太郎市長は述べた. In Chinese the name has two or three
characters, of which the first is a usual last name: 王小明说 “…”.
"""

import re

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.marks.marks import Segment

_TITLE = (
    "(?:副?知事|組合長|市長|区長|町長|村長|大臣|首相|社長|会長|氏|さん|教授|議員|監督|選手|長官|部長|代表|大統領|議長|委員長|所長|理事長"
    "|弁護士|館長|校長|園長|店長|課長|局長)"
)
_SAYS = "(?:述べ|話[しす]|語[っる]|言[っう]|説明|強調|コメント|答え|指摘|訴え|主張|発言)"
_SPEAKER = rf"(?P<name>[^\W\d_ぁ-ん]{{2,8}}?){_TITLE}[はが]"
_BEFORE = re.compile(rf"(?:^|[のは、。」”\s]){_SPEAKER}[^。”“]{{0,40}}\Z")
_AFTER = re.compile(rf"と、?[^。、“”]{{0,30}}?(?<=[とのは、]){_SPEAKER}[^。“”]{{0,40}}{_SAYS}")
_VERB = re.compile(rf"(?:など)?と[^。“”]{{0,30}}{_SAYS}")

_LAST_NAME = (
    "[王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾萧蕭肖田董袁潘于蒋蔣蔡余"
    "杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫阎段雷侯龙龍史陶黎贺賀顾顧毛"
    "郝龚龔邵万萬钱錢严嚴武戴莫孔向汤湯賴赖柯]"
)
_CHINESE_NAME = rf"(?P<name>{_LAST_NAME}[\u3400-\u9fff]{{1,2}}?)"
_CHINESE_SAYS = "(?:表示|指出|强调|強調|补充|補充|回应|回應|回答|解释|解釋|写道|寫道|坦言|直言|说|說|称|稱|问|問)"
_OFFICE = (
    "(?:市长|市長|总统|總統|主席|部长|部長|总理|總理|局长|局長|教授|发言人|發言人|主任|院长|院長|校长|校長|经理|經理|记者|記者|律师"
    "|律師)"
)
_CHINESE_BEFORE = re.compile(rf"(?:^|[，。；”\s]|{_OFFICE}){_CHINESE_NAME}{_CHINESE_SAYS}[:，：]?\s?\Z")
_CHINESE_AFTER = re.compile(rf"[，,。]?(?:[^，。“”]{{0,12}}{_OFFICE})?{_CHINESE_NAME}{_CHINESE_SAYS}")
_EASTERN = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_WINDOW = 60
_SURE = 0.85


def is_eastern(text: str) -> bool:
    """Whether a text is written without blanks, in Chinese or Japanese characters."""
    return _EASTERN.search(text) is not None


def attribute(text: str, segment: Segment) -> AttributedSegment:
    """The segment with the person who is named beside it and a verb of speech; else with nobody."""
    named = _speaker(text, segment.start - 1, segment.end + 1)
    if named is None:
        return AttributedSegment(segment, None, None, Attribution.UNKNOWN, 0.0)
    return AttributedSegment(segment, Span(*named.span("name")), None, Attribution.NAMED, _SURE, named["name"])


def _speaker(text: str, start: int, end: int) -> re.Match[str] | None:
    """The match for a name beside the marks at `start` and before `end`."""
    lead = max(0, start - _WINDOW)
    if _VERB.match(text, end):
        return _AFTER.match(text, end) or _BEFORE.search(text, lead, start)
    return _AFTER.match(text, end) or _CHINESE_BEFORE.search(text, lead, start) or _CHINESE_AFTER.match(text, end)
