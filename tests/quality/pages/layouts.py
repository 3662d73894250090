"""Pages as sites build them, a function a manner: a story among navigation, captions, offers and comments."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.quality.pages.stories import Story


_RICH = 8


def linked_data(story: Story, **more: object) -> str:
    """A NewsArticle in JSON-LD, as most content systems write it."""
    written = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": story.publisher},
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(written, ensure_ascii=False)}</script>'


def meta(**contents: str) -> str:
    """Meta elements of the Open Graph kind; an underscore stands for the colon."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{escape(content)}">\n'
        for name, content in contents.items()
    )


def newspaper(story: Story, head: str = "", dated: str = "") -> str:
    """A daily's content system: article element, figure, related box in mid-text, newsletter form, comments."""
    first, *rest = _paragraphs(story)
    return _page(
        story,
        head + meta(og__title=story.headline, og__site_name=story.publisher, og__type="article"),
        f"""{_cookies(story)}<header><nav><ul>{_links(story)}</ul></nav></header>
<main><article class="article"><header><span class="kicker">Local</span><h1>{escape(story.headline)}</h1>
<p class="byline">By <a rel="author" href="/staff">{escape(", ".join(story.authors))}</a></p>{dated}
<ul class="share-buttons"><li><a href="#">Share on Facebook</a></li><li><a href="#">Copy link</a></li></ul></header>
<figure><img src="/1.jpg" alt="x"><figcaption>{escape(story.caption)}</figcaption></figure>
<div class="article__body">{first}
<aside class="related"><h3>More on this</h3><a href="/2">{escape(story.related[0])}</a></aside>
{"".join(rest)}
<div class="newsletter-signup"><form><p>{escape(story.newsletter)}</p><input name="mail">
<button>OK</button></form></div>
</div></article>
<section id="comments" class="comments"><h2>1</h2><div class="comment"><p>{escape(story.comment)}</p></div></section>
<aside class="sidebar"><h3>Most read</h3><ol>{_related(story)}</ol></aside></main>{_footer(story)}""",
    )


def div_soup(story: Story, head: str = "", dated: str = "") -> str:
    """Nothing but divs, with names that a build tool made up."""
    blocks = "".join(
        f'<div class="k3x"><div class="t9">{_text(paragraph)}</div></div>' for paragraph in story.paragraphs
    )
    return _page(
        story,
        head,
        f"""<div id="root">
<div class="a1">{"".join(f'<div class="b2"><a href="#">{escape(word)}</a></div>' for word in story.navigation)}</div>
<div class="c7"><div class="h0"><h1>{escape(story.headline)}</h1></div><div class="d4">{dated}</div>
<div class="z8">{blocks}</div></div>
<div class="r5"><div class="r6"><a href="/a">{escape(story.related[0])}</a></div><div class="r6">
<a href="/b">{escape(story.related[1])}</a></div></div>
<div class="f1">© {escape(story.publisher)}</div></div>""",
    )


def tables(story: Story, head: str = "", dated: str = "") -> str:
    """The web of 1998, still running in many a town: tables in tables, font elements, bold headlines, line breaks."""
    text = "<br><br>\n".join(map(_text, story.paragraphs))
    links = "<br>".join(f'<a href="#"><font size="1">{escape(word)}</font></a>' for word in story.navigation)
    return _page(
        story,
        head,
        f"""<table width="760" border="0"><tr><td colspan="3" bgcolor="#003366">
<font color="white" size="5">{escape(story.publisher)}</font></td></tr>
<tr><td width="120" valign="top">{links}</td><td width="480" valign="top"><font face="Times" size="5">
<b>{escape(story.headline)}</b></font><br>
<font size="2"><i>{dated}</i></font><p><font face="Times" size="3">{text}</font></p></td>
<td width="160" valign="top"><font size="1"><a href="/a">{escape(story.related[0])}</a><br>
<a href="/b">{escape(story.related[1])}</a></font></td></tr>
<tr><td colspan="3" align="center"><font size="1">Copyright {escape(story.publisher)}</font></td></tr></table>""",
    )


def amp(story: Story, head: str = "", dated: str = "") -> str:
    """An AMP page: its own elements for pictures, advertisements and menus."""
    first, *rest = _paragraphs(story)
    return _page(
        story,
        f'<script async src="https://cdn.ampproject.org/v0.js"></script>{head}',
        f"""<amp-sidebar id="s" layout="nodisplay"><ul>{_links(story)}</ul></amp-sidebar>
<amp-consent id="c" layout="nodisplay"><div>{escape(story.cookies)}</div></amp-consent>
<article><h1>{escape(story.headline)}</h1><div class="meta">{dated}</div>
<figure><amp-img src="/1.jpg" width="16" height="9" layout="responsive"></amp-img>
<figcaption>{escape(story.caption)}</figcaption></figure>
{first}<amp-ad width="300" height="250" type="x"><div placeholder>Advertisement</div></amp-ad>{"".join(rest)}
<amp-social-share type="email"></amp-social-share></article>
<amp-list src="/more.json"><h2>More</h2></amp-list><ul class="related">{_related(story)}</ul>{_footer(story)}""",
        attributes="amp",
    )


def script_only(story: Story, head: str = "", dated: str = "") -> str:
    """A page that a browser builds: the article is in the JSON-LD, the HTML is an empty shell."""
    return _page(
        story,
        head,
        f"""<div id="app"><div class="skeleton">{dated}</div></div>
<noscript>{escape(story.publisher)} needs JavaScript.</noscript>
<script>window.__STATE__={{"menu":["a","b"]}}</script>""",
    )


def blog(story: Story, head: str = "", dated: str = "") -> str:
    """The commonest of blog systems: entry content, sharing, related posts, three comments, a sidebar of widgets."""
    comments = "".join(
        f'<li class="comment"><div class="comment-author vcard"><cite>Reader {number}</cite> says:</div>'
        f'<div class="comment-content"><p>{escape(story.comment)}</p></div><a class="comment-reply-link">Reply</a></li>'
        for number in range(3)
    )
    return _page(
        story,
        head,
        f"""<div id="page" class="hfeed site"><header id="masthead">
<a href="/" rel="home">{escape(story.publisher)}</a>
<nav id="site-navigation"><ul class="nav-menu">{_links(story)}</ul></nav></header>
<div id="primary"><main><article id="post-1234" class="post type-post hentry category-life">
<header class="entry-header"><h1 class="entry-title">{escape(story.headline)}</h1>
<div class="entry-meta"><span class="posted-on">{dated}</span> <span class="byline"><span class="author vcard">
<a class="url fn n" href="/author/x">{escape(story.authors[0])}</a></span></span></div></header>
<div class="entry-content">{"".join(_paragraphs(story))}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li>
<a class="share-twitter">Click to share on X</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p>
<a href="/a">{escape(story.related[0])}</a></p></div></div>
<footer class="entry-footer">Posted in <a rel="category tag">Life</a>. Tagged <a rel="tag">queues</a>.</footer>
</article>
<nav class="post-navigation"><a rel="prev">{escape(story.related[1])}</a></nav>
<div id="comments" class="comments-area"><h2>3 thoughts</h2><ol class="comment-list">{comments}</ol>
<div id="respond"><h3>Leave a Reply</h3>
<p>Your email address will not be published. Required fields are marked *</p></div></div></main></div>
<div id="secondary" class="widget-area"><section class="widget"><h2>Recent Posts</h2>
<ul>{_related(story)}</ul></section></div>{_footer(story)}</div>""",
    )


def broadcaster(story: Story, head: str = "", dated: str = "") -> str:
    """A broadcaster: every paragraph a block of its own; blocks of pictures, links and advertisements between."""
    blocks = [
        f'<div data-component="text-block" class="ssrcss-1"><div class="ssrcss-2">{paragraph}</div></div>'
        for paragraph in _paragraphs(story)
    ]
    blocks.insert(1, '<div data-component="ad-slot" class="dotcom-ad"><p>Advertisement</p></div>')
    blocks.insert(
        3,
        f'<div data-component="unordered-list-block" class="related-links"><ul>{_related(story)}</ul></div>',
    )
    blocks.insert(
        2,
        '<div data-component="image-block"><figure><img alt=""><figcaption>'
        f"{escape(story.caption)}</figcaption></figure></div>",
    )
    return _page(
        story,
        head,
        f"""<div class="cookie-banner" role="dialog"><p>{escape(story.cookies)}</p><button>OK</button></div>
<nav aria-label="Main"><ul>{_links(story)}</ul></nav>
<main id="main-content"><article><div data-component="headline-block">
<h1 id="main-heading">{escape(story.headline)}</h1></div>
<div data-component="byline-block">{dated}<div>{escape(story.authors[0])}</div></div>{"".join(blocks)}
<section data-component="tag-list"><h2>Related topics</h2><ul><li>Ships</li><li>Winter</li></ul></section></article>
<section data-component="related-stories"><h2>More on this story</h2>
<ul>{_related(story)}</ul></section></main>{_footer(story)}""",
    )


def tabloid(story: Story, head: str = "", dated: str = "") -> str:
    """Loud: links to other stories within the text, pull quotes, a video player, sharing at both ends."""
    paragraphs = _paragraphs(story)
    quoted = story.paragraphs[2].split(",")[0]
    paragraphs.insert(
        2, '<p class="read-more"><strong>READ MORE: <a href="/x">' + escape(story.related[0]) + "</a></strong></p>"
    )
    paragraphs.insert(4, f'<blockquote class="pullquote">{escape(quoted)}</blockquote>')
    paragraphs.insert(
        5,
        '<div class="video-player"><div class="vjs-caption">Play Video</div>'
        '<p class="video-title">Watch: what happened next</p></div>',
    )
    return _page(
        story,
        head,
        f"""<div class="gdpr-consent">{escape(story.cookies)}</div><div class="topnav">{_links(story)}</div>
<div class="article-wrapper"><h1 class="article-headline">{escape(story.headline)}</h1>
<div class="author-date"><span class="author">By {escape(story.authors[0])}</span> {dated}</div>
<div class="social-share"><a>Facebook</a> <a>WhatsApp</a> <a>112 shares</a></div>
<div class="article-text" itemprop="articleBody">{"".join(paragraphs)}</div>
<div class="social-share"><a>Facebook</a> <a>WhatsApp</a></div>
<div class="taboola"><h4>You may like</h4><a>{escape(story.related[1])}</a><a>Doctors hate this trick</a></div>
<div class="comments-section"><p>{escape(story.comment)}</p></div></div>{_footer(story)}""",
    )


def magazine(story: Story, head: str = "", dated: str = "") -> str:
    """A monthly: initials as spans, subheadings, a pull quote in an aside, an author's note at the end."""
    first, *rest = story.paragraphs
    text = f'<p><span class="dropcap">{first[0]}</span>{_text(first[1:])}</p>' + "".join(
        f"<p>{_text(item)}</p>" for item in rest
    )
    return _page(
        story,
        head,
        f"""<nav class="menu">{_links(story)}</nav><article class="longform"><div class="hero">
<h1>{escape(story.headline)}</h1>
<div class="credits">{escape(", ".join(story.authors))} {dated}</div></div>
<section class="content">{text}<aside class="pull-quote"><p>{_text(rest[1])}</p></aside></section>
<div class="author-bio"><p>{escape(story.authors[0])} writes for {escape(story.publisher)}.</p></div></article>
<div class="newsletter"><p>{escape(story.newsletter)}</p></div>
<div class="more-stories"><h2>Read next</h2>{_related(story)}</div>{_footer(story)}""",
    )


def line_breaks(story: Story, head: str = "", dated: str = "") -> str:
    """One container, its paragraphs parted by pairs of line breaks."""
    return _page(
        story,
        head,
        f"""<div id="menu">{_links(story)}</div><div id="content"><h1>{escape(story.headline)}</h1>
<div class="date">{dated}</div>
<div class="story">{"<br/>".join(_text(item) + "<br/>" for item in story.paragraphs)}</div></div>
<div id="footer">{escape(story.publisher)}</div>""",
    )


def microdata(story: Story, head: str = "", dated: str = "") -> str:
    """schema.org in the attributes; the date in a time element."""
    return _page(
        story,
        head,
        f"""<ul class="nav">{_links(story)}</ul><div itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{escape(story.headline)}</h1>
<span itemprop="author" itemscope itemtype="https://schema.org/Person">
<span itemprop="name">{escape(story.authors[0])}</span></span>
{dated}<div itemprop="articleBody">{"".join(_paragraphs(story))}</div></div>
<div class="cookie-notice">{escape(story.cookies)}</div><div id="disqus_thread">
<p>{escape(story.comment)}</p></div>{_footer(story)}""",
    )


def bare(story: Story, head: str = "", dated: str = "") -> str:
    """A headline and paragraphs, and nothing that says what they are."""
    return _page(
        story, head, f"<h1>{escape(story.headline)}</h1>{dated}{''.join(_paragraphs(story))}<hr><a href='/'>Home</a>"
    )


def word_processor(story: Story, head: str = "", dated: str = "") -> str:
    """Saved as a web page by a word processor."""
    text = "".join(
        '<p class=MsoNormal style="margin-bottom:8.0pt"><span lang=EN-GB style="font-size:12.0pt">'
        f"{_text(item)}<o:p></o:p></span></p>"
        for item in story.paragraphs
    )
    return _page(
        story,
        head,
        "<div class=WordSection1><p class=MsoTitle><b><span style='font-size:20.0pt'>"
        f"{escape(story.headline)}</span></b></p>"
        f"<p class=MsoNormal><i>{dated}</i></p>{text}</div>",
    )


def broken(story: Story, head: str = "", dated: str = "") -> str:
    """Unclosed paragraphs, a second body, stray end tags, an attribute without its quotation mark."""
    text = "\n".join(f"<p>{_text(item)}" for item in story.paragraphs)
    return (
        f"<html><head><title>{escape(story.headline)} - {escape(story.publisher)}</title></head>{head}<body>"
        "<body class=x>"
        f"</div></span><ul>{_links(story)}<div class=story id=story><h1>{escape(story.headline)}</h1></p>{dated}"
        f"<div id=text>{text}</b></i></div></article><div class=footer>{escape(story.publisher)}"
    )


def press_release(story: Story, head: str = "", dated: str = "") -> str:
    """A company's own page: contact box, downloads, a menu of products."""
    return _page(
        story,
        head,
        f"""<header class="site"><nav>{_links(story)}</nav></header><main><section class="press-release">
<p class="eyebrow">Press release</p>
<h1>{escape(story.headline)}</h1>{dated}<div class="richtext">{"".join(_paragraphs(story))}</div>
<div class="contact-box"><h3>Media contact</h3><p>Vera Lind, +00 555 0101</p></div>
<ul class="downloads"><li><a href="/a.pdf">Download as PDF</a></li></ul></section>
<section class="teasers"><h2>Other news</h2>{_related(story)}</section></main><div id="onetrust-banner-sdk">
<p>{escape(story.cookies)}</p></div>{_footer(story)}""",
    )


def live_blog(story: Story, head: str = "", dated: str = "") -> str:
    """News as it comes in: one entry a paragraph, each with its time."""
    entries = "".join(
        f'<div class="live-entry" id="e{hour}"><span class="live-time">{hour}:30</span>'
        f'<div class="live-text"><p>{_text(item)}</p></div></div>'
        for hour, item in zip(range(9, 20), story.paragraphs, strict=False)
    )
    return _page(
        story,
        head,
        f"""<nav>{_links(story)}</nav><main>
<h1>{escape(story.headline)}</h1>{dated}<div class="live-blog">{entries}</div></main>
<aside><h3>Most read</h3>{_related(story)}</aside>{_footer(story)}""",
    )


def rich(story: Story, head: str = "", dated: str = "") -> str:
    """Paragraphs full of links and emphasis; a long legal text before the page, a long talk of readers after it."""
    legal = " ".join(f"{story.cookies} Partner {number} may match your device." for number in range(12))
    talk = "".join(
        f'<li class="comment" id="c{number}"><b>reader{number}</b>'
        f"<p>{_text(story.comment)} {number} people agree.</p></li>"
        for number in range(25)
    )
    return _page(
        story,
        head,
        f"""<div id="cmp-container" class="cmp" role="dialog"><div class="cmp-text"><p>{escape(legal)}</p></div></div>
<nav>{_links(story)}</nav><main><article><h1>{escape(story.headline)}</h1>
<p class="byline">{escape(", ".join(story.authors))}</p>{dated}
{"".join(_rich(story))}<iframe src="/poll"></iframe><noscript><img src="/pixel.gif"></noscript></article>
<section class="discussion" id="comments"><h2>25 comments</h2>
<ol class="commentlist">{talk}</ol></section></main>{_footer(story)}""",
    )


def cluttered(story: Story, head: str = "", dated: str = "") -> str:
    """A site that sells the space between any two paragraphs, with names that say little."""
    blocks = _paragraphs(story)
    blocks[1:1] = [
        f'<p class="img-caption">{escape(story.caption)}</p>',
        '<div class="dfp-slot"><span>Advertisement</span></div>',
    ]
    blocks[4:4] = [f'<p><em>Also read: <a href="/x">{escape(story.related[0])}</a></em></p>']
    blocks[6:6] = [
        f'<div class="inline-newsletter-box"><h4>Stay informed</h4><p>{escape(story.newsletter)}</p></div>',
        f'<section class="more-about"><h4>More about</h4><a href="/t">{escape(story.related[1])}</a></section>',
    ]
    blocks.append(f'<p class="follow"><i>Follow {escape(story.publisher)} on all channels</i></p>')
    return _page(
        story,
        head,
        f"""<div class="page"><div class="mega-menu">{_links(story)}</div><div class="breadcrumbs">
<a>Home</a> / <a>Local</a></div>
<div class="content-main"><h1 class="t1">{escape(story.headline)}</h1><div class="standfirst-meta">{dated}
<a class="author-name" href="/author/1">{escape(story.authors[0])}</a><span>4 min read</span></div>
<div class="rich-text">{"".join(blocks)}</div>
<div class="feedback"><span>Was this article helpful?</span><button>Yes</button><button>No</button></div></div>
<div class="rail"><h3>Trending</h3>{_related(story)}</div></div>{_footer(story)}""",
    )


def scrolling(story: Story, head: str = "", dated: str = "") -> str:
    """The next stories follow on the same page, each with its beginning."""
    following = "".join(
        f'<div class="teaser-item"><a href="/n{number}"><h3>{escape(line)}</h3></a>'
        f"<p>{escape(story.comment)} {escape(line)}, "
        f"as {escape(story.publisher)} has learned from people who know.</p></div>"
        for number, line in enumerate(story.related * 3)
    )
    return _page(
        story,
        head,
        f"""<nav>{_links(story)}</nav><main><article class="story"><h1>{escape(story.headline)}</h1>{dated}
<div class="story-body">{"".join(_paragraphs(story))}</div></article><div class="next-stories">
<h2>Latest</h2>{following}</div></main>
<aside class="sidebar">{_related(story)}</aside>{_footer(story)}""",
    )


def _page(story: Story, head: str, body: str, attributes: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{story.language}" {attributes}>\n<head>\n<title>{escape(story.headline)} | '
        f"{escape(story.publisher)}</title>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _text(paragraph: str) -> str:
    return escape(paragraph, quote=False)


def _paragraphs(story: Story) -> list[str]:
    """The blocks as elements; the items of a list in one."""
    shown: list[str] = []
    for block in story.blocks:
        mark, _, text = block.partition(" ") if block.startswith(("## ", "- ", "> ")) else ("", "", block)
        element = {"##": "<h2>{}</h2>\n", "-": "<ul><li>{}</li>\n</ul>\n", ">": "<blockquote><p>{}</p></blockquote>\n"}
        made = element.get(mark, "<p>{}</p>\n").format(_text(text))
        if mark == "-" and shown and shown[-1].endswith("</ul>\n"):
            shown[-1] = shown[-1].removesuffix("</ul>\n") + made.removeprefix("<ul>")
        else:
            shown.append(made)
    return shown


def _rich(story: Story) -> list[str]:
    """Paragraphs as editors leave them: links, emphasis, no-break spaces, stray spans."""
    shown = []
    for number, paragraph in enumerate(story.paragraphs):
        if paragraph.count(" ") < _RICH:
            shown.append(f"<p>{_text(paragraph)}</p>")
            continue
        first, second, *rest = _text(paragraph).split(" ")
        middle, last = len(rest) // 2, " ".join(rest[-2:])
        shown.append(
            f'<p id="p{number}"><a href="/tag/{number}">{first}&nbsp;{second}</a> {" ".join(rest[:middle])} '
            f"<em>{' '.join(rest[middle : middle + 2])}</em>\n  "
            f"{' '.join(rest[middle + 2 : -2])} <span><strong>{last}</strong></span></p>"
        )
    return shown


def _links(story: Story) -> str:
    return "".join(f'<li><a href="/{number}">{escape(word)}</a></li>' for number, word in enumerate(story.navigation))


def _related(story: Story) -> str:
    return "".join(f'<li><a href="/r{number}">{escape(line)}</a></li>' for number, line in enumerate(story.related))


def _cookies(story: Story) -> str:
    return f'<div id="cookie-consent" class="cookie-banner"><p>{escape(story.cookies)}</p><button>OK</button></div>'


def _footer(story: Story) -> str:
    return (
        f'<footer class="site-footer"><p>© 2024 {escape(story.publisher)}. All rights reserved.</p>'
        '<a href="/imprint">Imprint</a></footer>'
    )
