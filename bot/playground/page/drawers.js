// The two drawers: people (open a phone, add a stranger) and faults.

import { avatar, byId, el, roleWords } from "./dom.js";
import * as play from "./play.js";

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

export function startPeople(table) {
  byId("open-people").addEventListener("click", () => byId("people").showModal());
  byId("stranger").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = byId("stranger-name");
    try {
      const person = await play.addPerson(field.value.trim());
      field.value = "";
      // First, so that what is typed next cannot land behind the drawer.
      byId("people").close();
      await table.open(person.id);
    } catch (error) {
      byId("people").close();
      table.notice(error.message);
    }
  });
}

const rows = new Map();

export function showPeople(people, isOpen, toggle) {
  for (const person of people) {
    if (!rows.has(person.id)) {
      const box = el("input", { type: "checkbox", onchange: () => toggle(person.id, box.checked) });
      const row = el(
        "li",
        {},
        el("label", {}, box, avatar(person), el("span", { class: "who" }, el("b", {}, person.name), el("small", {}, roleWords(person)))),
      );
      rows.set(person.id, { box, row });
      byId("people-list").append(row);
    }
    rows.get(person.id).box.checked = isOpen(person.id);
  }
}

function say(text) {
  // The same words again would be read out again.
  if (byId("fault-status").textContent !== text) byId("fault-status").textContent = text;
}

/** How many faults stand now: the button shows it, and the drawer says it. */
export function showFaults(standing) {
  byId("open-faults").classList.toggle("on", standing.length > 0);
  say(standing.length ? `Faults standing: ${standing.length}. Play on: every alert still arrives.` : "No fault stands.");
}

export function startFaults() {
  byId("open-faults").addEventListener("click", () => byId("faults").showModal());
  byId("fault-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    try {
      await play.startFault({ kind: form.get("kind"), rate: Number(form.get("rate")) });
    } catch (error) {
      say(error.message);
    }
  });
  byId("clear-faults").addEventListener("click", async () => {
    try {
      await play.clearFaults();
    } catch (error) {
      say(error.message);
    }
  });
}
