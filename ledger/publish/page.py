"""The page of a site for people: what it is, what was signed, how to check it, what there is.

Rules kept here:
- a claim is never presented as a fact;
- the page needs nothing but itself: no script, no picture, one style that its policy names by hash;
- every text that comes from the ledger is escaped;
- the same ledger gives the same page, so no clock is asked.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from importlib.resources import files
from string import Template

from ledger.log import Log
from ledger.note import Note
from ledger.publish.copies import Part
from ledger.publish.entries import WITHDRAWN
from ledger.publish.parquet import PublishedView
from ledger.publish.place import DOCUMENTS
from ledger.tiles import TILE_WIDTH, tile_path

_SHOWN_HEADS = 20


@dataclass(frozen=True)
class Page:
    """What a site holds, as far as the page tells of it; documents are None where none may be."""

    views: Sequence[PublishedView]
    documents: Sequence[str] | None
    withdrawn: int
    parts: Sequence[Part]
    kept: Sequence[str]


def make_page(log: Log, note: bytes, page: Page) -> bytes:
    """The text of `index.html`; `note` is the signed head as the site shows it."""
    style = _resource("page.css")
    first_width = min(log.signed_size, TILE_WIDTH)
    return (
        Template(_resource("page.html"))
        .substitute(
            title=escape(log.title or log.origin),
            origin=escape(log.origin),
            size=f"{log.signed_size:,}",
            time=log.stamp(log.signed_size - 1).time,
            root=escape(log.checkpoint.root64),
            keys=_keys(log),
            vkey=escape(log.verifier_key),
            signatures=_signatures(note, log.origin),
            style=style,
            style_hash=_style_hash(style),
            first_tile=tile_path(0, 0, first_width),
            documents_missing=_documents_missing(page),
            views=_views(page.views),
            segments="\n".join(_segment(part) for part in page.parts),
            more=_more(page),
            version=escape(version("claims-ledger")),
        )
        .encode()
    )


def list_documents(log: Log, names: Sequence[str]) -> bytes:
    """The text of `documents.html`: a link to every document that is published."""
    style = _resource("page.css")
    links = "\n".join(f'<li><a href="{name}"><code>{name}</code></a></li>' for name in names)
    page = Template(_resource("documents.html"))
    return page.substitute(
        origin=escape(log.origin), style=style, style_hash=_style_hash(style), links=links
    ).encode()


def _style_hash(style: str) -> str:
    """What the policy of a page allows a style by (CSP level 2, hash-source)."""
    return f"sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _resource(name: str) -> str:
    return files("ledger.publish").joinpath(name).read_text(encoding="utf-8")


def _keys(log: Log) -> str:
    """The verifier key in force, and those before it."""
    rows = [f'<dt>Verifier key</dt><dd class="hash">{escape(log.verifier_key)}</dd>']
    earlier = [key.format() for key in log.chain.keys]
    earlier = earlier[: earlier.index(log.verifier_key)]
    if earlier:
        keys = "<br>".join(map(escape, earlier))
        rows.append(f'<dt>Earlier keys</dt><dd class="hash">{keys}</dd>')
    return "\n".join(rows)


def _signatures(note: bytes, origin: str) -> str:
    """Who signed the head, as it says; others than the keeper are not checked here."""
    names = list(dict.fromkeys(one.name for one in Note.parse(note).signatures))
    others = [escape(name) for name in names if name != origin]
    return "the keeper" + (f"; as it says also {', '.join(others)}" if others else "")


def _documents_missing(page: Page) -> str:
    if page.documents is not None:
        return ""
    return " The captured documents are not published here, so it names them as missing."


def _views(views: Sequence[PublishedView]) -> str:
    if not views:
        return ""
    rows = "\n".join(
        f'<tr><td><a href="{escape(view.file)}">{escape(view.name)}</a></td>'
        f'<td class="grain">{escape(view.grain)}</td>'
        f'<td class="number">{view.rows:,}</td><td class="number">{view.length:,}</td></tr>'
        for view in views
    )
    return f"""
<h2>Ask it</h2>
<p>The views that follow from the log at this size, as Parquet. They hold claims, not facts. Each
file names the origin, size and root hash that it was made from.</p>
<pre><code>duckdb -c "from 'ADDRESS/views/militant_estimates.parquet'"</code></pre>
<div class="wide"><table>
<tr><th>View</th><th class="grain">One row per</th><th class="number">Rows</th>\
<th class="number">Bytes</th></tr>
{rows}
</table></div>
"""


def _segment(part: Part) -> str:
    return (
        f'<tr><td><a href="{escape(part.name)}">{escape(part.name)}</a></td>'
        f'<td class="number">{part.last - part.first:,}</td>'
        f'<td class="number">{part.length:,}</td></tr>'
    )


def _more(page: Page) -> str:
    """What there is besides, where there is any."""
    return "\n".join(
        f"<p>{text}</p>" for text in (*_kept(page.kept), *_documents(page), *_withdrawn(page))
    )


def _kept(kept: Sequence[str]) -> Iterable[str]:
    if kept:
        shown = [f'<a href="{name}">{name}</a>' for name in kept[-_SHOWN_HEADS:]]
        more = f", and {len(kept) - len(shown):,} earlier ones" if len(kept) > len(shown) else ""
        yield f"Heads that others signed too, or over a change of key: {', '.join(shown)}{more}."


def _documents(page: Page) -> Iterable[str]:
    if page.documents:
        yield (
            f"{len(page.documents):,} captured documents and texts:"
            f' <a href="{DOCUMENTS}">{DOCUMENTS}</a>. They belong to their publishers.'
        )


def _withdrawn(page: Page) -> Iterable[str]:
    if page.withdrawn:
        bundles = "bundle is" if page.withdrawn == 1 else "bundles are"
        yield (
            f"{page.withdrawn:,} {bundles} not served, since content was erased under an authority:"
            f' <a href="{WITHDRAWN}">{WITHDRAWN}</a>. The root hash still proves every other event.'
        )
