// Kith's clock: the time in UK words, and the buttons that move it.

import { byId, calm, dayInWords, el, hourMinute } from "./dom.js";
import * as play from "./play.js";

let shown = null;
let rolling = 0;

function draw(moment) {
  shown = moment;
  byId("time").textContent = hourMinute(moment);
  byId("time").setAttribute("datetime", new Date(moment).toISOString());
  byId("day").replaceChildren(...dayInWords(moment).map((line) => el("span", {}, `${line} `)));
}

/** Rolls the shown time forward to `target`, so that a jump is seen as time going by. */
function rollTo(target) {
  cancelAnimationFrame(rolling);
  const from = shown;
  if (from === null || calm() || target <= from || target - from < 60_000) return draw(target);
  const started = performance.now();
  const length = Math.min(1400, 500 + (target - from) / 4000);
  const step = (now) => {
    const part = Math.min(1, (now - started) / length);
    const eased = 1 - (1 - part) ** 3;
    draw(part < 1 ? from + (target - from) * eased : target);
    if (part < 1) rolling = requestAnimationFrame(step);
  };
  rolling = requestAnimationFrame(step);
}

export function showClock(clock) {
  rollTo(Date.parse(clock.now));
  const byHand = clock.mode === "hand";
  byId("moves").hidden = !byHand;
  byId("next-thing").disabled = !clock.next;
  byId("next-thing").title = clock.next ? `At ${hourMinute(clock.next)}` : "Nothing is due";
}

export function startClock(notice) {
  byId("moves").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button || byId("moves").getAttribute("aria-busy") === "true") return;
    byId("moves").setAttribute("aria-busy", "true");
    try {
      await (button.dataset.seconds ? play.advance(Number(button.dataset.seconds)) : play.nextThing());
    } catch (error) {
      notice(error.message);
    } finally {
      byId("moves").removeAttribute("aria-busy");
    }
  });
}
