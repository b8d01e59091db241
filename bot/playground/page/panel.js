// The panel in plain words: what is due next, who was told, who was not, and why.

import { byId, el, hourMinute, icon } from "./dom.js";

const signs = { share: "told", ask: "asked", withhold: "withheld" };

function leadInBold(text) {
  const colon = text.indexOf(":");
  if (colon < 0) return [text];
  const [lead, rest] = [text.slice(0, colon + 1), text.slice(colon + 1)];
  return [el("b", {}, lead), rest];
}

function dueLine(item) {
  return el("li", {}, icon("due"), el("time", { datetime: item.at }, hourMinute(item.at)), el("span", {}, item.text));
}

function decisionLine({ decision, times }) {
  const sign = signs[decision.effect] ?? "asked";
  const when = hourMinute(decision.at) + (times > 1 ? `, said ${times} times` : "");
  return el(
    "li",
    { class: sign },
    icon(sign),
    el("p", {}, ...leadInBold(decision.text)),
    el("time", { datetime: decision.at }, when),
  );
}

/** Newest first; a sentence that repeats is shown once, at its latest time. */
function gathered(decisions) {
  const lines = new Map();
  for (const decision of decisions) {
    const times = (lines.get(decision.text)?.times ?? 0) + 1;
    lines.delete(decision.text);
    lines.set(decision.text, { decision, times });
  }
  return [...lines.values()].reverse();
}

const shown = new Map();
function fill(id, key, lines, otherwise) {
  if (shown.get(id) === key) return;
  shown.set(id, key);
  byId(id).replaceChildren(...(lines.length ? lines : [el("li", { class: "none" }, otherwise)]));
}

export function showPanel(state) {
  const { due = [], decisions = [] } = state;
  fill("due", JSON.stringify(due), due.map(dueLine), "Nothing is due.");
  fill(
    "decisions",
    JSON.stringify(decisions),
    gathered(decisions).map(decisionLine),
    "Nothing yet. Each time Kith could tell somebody something, the answer and the reason stand here.",
  );
}
