// Shows what a mark of a chart says beside it, when it is pointed at or has the focus.
"use strict";
(() => {
  const words = document.createElement("div");
  words.className = "chart-words";
  words.setAttribute("aria-hidden", "true"); // the mark itself is labelled with the same
  words.hidden = true;
  document.body.append(words);

  const markOf = (event) =>
    event.target instanceof Element && event.target.closest("svg.chart [aria-label]");

  const show = (event) => {
    const mark = markOf(event);
    if (!mark || mark.matches("svg")) return hide();
    words.textContent = mark.getAttribute("aria-label");
    words.hidden = false;
    const place = mark.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(place.right + 8, width - words.offsetWidth - 8));
    const above = place.top - words.offsetHeight - 8;
    words.style.left = `${left + window.scrollX}px`;
    words.style.top = `${(above > 0 ? above : place.bottom + 8) + window.scrollY}px`;
  };
  const hide = () => { words.hidden = true; };

  document.addEventListener("pointerover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
