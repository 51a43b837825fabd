// Recording works without this; with it, words that are selected in a source can be recorded.
"use strict";

const text = document.getElementById("text");
if (text) {
  const link = document.createElement("a");
  link.className = "button from-selection";
  link.textContent = "Record these words";
  link.draggable = false;
  link.hidden = true;
  const told = document.createElement("p");
  told.className = "small muted";
  told.setAttribute("role", "status");
  text.after(link, told);
  link.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  link.addEventListener("mousedown", (event) => event.preventDefault());

  // How many code points stand before a place; a string counts in units of UTF-16.
  const pointsBefore = (node, offset) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    range.setEnd(node, offset);
    let count = 0;
    for (const _ of range.toString()) count += 1;
    return count;
  };
  // The part of the selection that lies in the text; null where there are no words.
  const selectedRange = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0).cloneRange();
    if (!range.intersectsNode(text)) return null;
    if (!text.contains(range.startContainer)) range.setStart(text, 0);
    if (!text.contains(range.endContainer)) range.setEnd(text, text.childNodes.length);
    return range.toString().trim() ? range : null;
  };
  const show = () => {
    const range = selectedRange();
    link.hidden = !range;
    if (!range) { told.textContent = ""; return; }
    const first = Number(text.dataset.start);
    const start = first + pointsBefore(range.startContainer, range.startOffset);
    const end = first + pointsBefore(range.endContainer, range.endOffset);
    link.href = `/record?${new URLSearchParams({ source: text.dataset.source, start, end })}`;
    const boxes = range.getClientRects();
    const last = boxes[boxes.length - 1];
    const room = document.documentElement.clientWidth - link.offsetWidth - 8;
    link.style.left = `${Math.max(Math.min(last.right, room), 8) + scrollX}px`;
    link.style.top = `${last.bottom + scrollY + 6}px`;
    const count = range.toString().trim().split(/\s+/).length;
    told.textContent = `${count === 1 ? "1 word is" : `${count} words are`} selected: the button after the text records them.`;
  };
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") link.hidden = true;
  });
}
