// What the pages do besides links and forms; everything works without it.
"use strict";

// The slider of moments says the time of the place that it stands on, and goes there when let go.
for (const form of document.querySelectorAll(".time form")) {
  const slider = form.querySelector("input[type=range]");
  const said = form.querySelector("output");
  const ticks = JSON.parse(slider.dataset.ticks);
  const say = () => {
    const size = Number(slider.value);
    const time = ticks.reduce((last, tick) => (tick[0] <= size ? tick[1] : last), ticks.length ? ticks[0][1] : "");
    const now = size >= Number(slider.max);
    said.textContent = now ? "now" : `${size.toLocaleString("en")} events, about ${time} UTC`;
  };
  slider.addEventListener("input", say);
  slider.addEventListener("change", () => {
    if (Number(slider.value) >= Number(slider.max)) slider.disabled = true;
    form.requestSubmit();
  });
}

// What can be copied has a button.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}

// A page that is being worked on looks again by itself.
const waiting = document.querySelector("[data-again]");
if (waiting) setTimeout(() => location.reload(), Number(waiting.dataset.again) * 1000);
