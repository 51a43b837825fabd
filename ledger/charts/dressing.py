"""Makes of the renderer's SVG what a file or a page needs.

Rules kept here:
- no script, no style, no address but those of the marks; a text of the data is only ever a text or
  the label of a link;
- for a page: colours are variables with what stands in a file as their fallback, the width is that
  of the page, and no id is used, so that several charts stand on one page.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ledger.charts.drawing import FONT, HEADING, HIT, STRUCK, Mark
from ledger.charts.palette import variable

SVG = "http://www.w3.org/2000/svg"
# What Vega says of its own making; the label of the chart and those of its marks say more.
_UNUSED = {
    "class", "role", "aria-roledescription", "aria-label", "aria-hidden", "pointer-events",
    "stroke-miterlimit", "version", "font-family",
}  # fmt: skip

_LONG_FRACTION = re.compile(r"(\.\d\d)\d+")  # of a pixel; nobody sees more

ET.register_namespace("", SVG)


def dress(svg: str, label: str, marks: Sequence[Mark], *, inline: bool, without: float = 0) -> str:
    """The SVG with its marks as links that say what they are; see the rules above.

    `without` is the height of the heading, where the page says itself what that says.
    """
    root = ET.fromstring(svg)  # noqa: S314  our own renderer made it, without a document type
    root.attrib.pop("class", None)
    for parent in list(root.iter()):
        for child in list(parent):
            if _draws_nothing(child) or (without and child.get("aria-label") == HEADING):
                parent.remove(child)
            elif (role := child.get("aria-label", "")).startswith(HIT):
                mark = marks[int(role.removeprefix(HIT))]
                parent[parent[:].index(child)] = _link(child, mark, inline=inline)
    for each in root.iter():
        _plainer(each, inline=inline)
    root.set("font-family", "inherit" if inline else FONT)
    if inline:
        _for_page(root, without)
    root.set("role", "group")
    root.set("aria-label", label)
    return ET.tostring(root, encoding="unicode")


def _draws_nothing(element: ET.Element) -> bool:
    return element.get("class") in {"background", "foreground"} or element.get("display") == "none"


def _plainer(element: ET.Element, *, inline: bool) -> None:
    if element.tag == f"{{{SVG}}}text" and element.get("aria-label") == STRUCK:
        element.set("text-decoration", "line-through")
    if not element.get("data-mark"):
        for name in _UNUSED & element.attrib.keys():
            del element.attrib[name]
    element.attrib.pop("data-mark", None)
    if element.get("opacity") == "1":
        del element.attrib["opacity"]
    for name in ("transform", "d"):
        if name in element.attrib:
            element.set(name, _LONG_FRACTION.sub(r"\1", element.attrib[name]))
    for name in ("fill", "stroke"):
        if inline and name in element.attrib:
            element.set(name, variable(element.attrib[name]))


def _link(hit: ET.Element, mark: Mark, *, inline: bool) -> ET.Element:
    """A place that can be pointed at: it says its words on a page, and as a title in a file."""
    link = ET.Element(f"{{{SVG}}}a" if mark.href else f"{{{SVG}}}g", {"data-mark": "yes"})
    link.set("aria-label", mark.words)
    if mark.href:
        link.set("href", mark.href)
    else:
        link.set("role", "img")
    if not inline:
        ET.SubElement(link, f"{{{SVG}}}title").text = mark.words
    link.append(hit)
    return link


def _for_page(root: ET.Element, without: float) -> None:
    width, height = float(root.attrib.pop("width")), float(root.attrib.pop("height"))
    root.set("viewBox", f"0 {without:g} {width:g} {height - without:g}")
    root.set("class", "chart")
    if len(root) and root[0].tag == f"{{{SVG}}}rect":
        root.remove(root[0])  # the page has a ground of its own
