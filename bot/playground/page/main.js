// The table with the phones on it: wires the state to what is seen.

import { showClock, startClock } from "./clock.js";
import { avatar, byId, calm, el, icon, pause } from "./dom.js";
import { showFaults, showPeople, startFaults, startPeople } from "./drawers.js";
import { showPanel } from "./panel.js";
import { createPhone } from "./phone.js";
import { follow } from "./play.js";
import { scenes } from "./scenes.js";
import { createStory } from "./story.js";

const firstOpen = ["Sam", "Jo", "Dev", "Amira"];
const narrow = matchMedia("(max-width: 820px)");
const board = byId("main");
const phones = new Map(); // person id -> phone, in the order on the table
const tabs = new Map(); // pane element -> tab
let chosen = false; // has the visitor, or the first state, decided which phones are open?
let current = null; // the pane in front, when narrow

function announce(text) {
  const line = el("p", {}, text);
  byId("announce").append(line);
  setTimeout(() => line.remove(), 10_000);
}

let noticeTimer = 0;
function notice(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (byId("notice").hidden = true), 8000);
}

// --- phones on the table

function putPhone(person) {
  const phone = createPhone(person, { close: putAway, announce });
  phones.set(person.id, phone);
  byId("phones").append(phone.element);
  const count = el("span", { class: "badge", hidden: true });
  const tab = makeTab(phone.element, avatar(person), person.name, count);
  phone.onunread = () => {
    if (narrow.matches && current === phone.element && phone.unread) return phone.markSeen();
    count.hidden = !phone.unread;
    count.textContent = phone.unread || "";
    if (phone.unread) count.append(el("span", { class: "unseen" }, " unread"));
  };
  byId("tabs").insertBefore(tab, tabs.get(byId("panel")) ?? null);
}

function makeTab(pane, picture, label, count) {
  const tab = el("button", { type: "button", onclick: () => bringToFront(pane) }, picture, el("span", {}, label), count);
  tabs.set(pane, tab);
  return tab;
}

function putAway(id) {
  const { element } = phones.get(id);
  tabs.get(element).remove();
  tabs.delete(element);
  element.remove();
  phones.delete(id);
  if (current === element) bringToFront(panes()[0]);
  showPeopleList();
  byId("open-people").focus();
}

function open(id) {
  const person = live.state.people.find((p) => p.id === id);
  if (!phones.has(id)) {
    putPhone(person);
    phones.get(id).update(live.state.chats[id], person);
  }
  bringToFront(phones.get(id).element);
  showPeopleList();
}

function openAll(ids) {
  for (const id of ids) if (!phones.has(id)) open(id);
}

function showPeopleList() {
  showPeople(live.state.people, (id) => phones.has(id), (id, on) => (on ? open(id) : putAway(id)));
}

// --- one pane at a time, when narrow

const panes = () => [...phones.values()].map((phone) => phone.element).concat(byId("panel"));

function setCurrent(pane) {
  current = pane;
  for (const each of panes()) {
    each.inert = narrow.matches && each !== pane;
    tabs.get(each).setAttribute("aria-current", String(each === pane));
  }
  tabs.get(pane).scrollIntoView({ block: "nearest", inline: "nearest" });
  for (const phone of phones.values()) if (narrow.matches && phone.element === pane) phone.markSeen();
}

function bringToFront(pane, behavior = calm() ? "instant" : "smooth") {
  setCurrent(pane);
  if (narrow.matches) board.scrollTo({ left: panes().indexOf(pane) * board.clientWidth, behavior });
  else if (pane !== byId("panel")) {
    const row = byId("phones");
    const left = pane.offsetLeft - row.offsetLeft;
    if (left < row.scrollLeft || left + pane.offsetWidth > row.scrollLeft + row.clientWidth) row.scrollTo({ left, behavior });
  }
}

let swiping = 0;
board.addEventListener("scroll", () => {
  clearTimeout(swiping);
  swiping = setTimeout(() => {
    const pane = panes()[Math.round(board.scrollLeft / board.clientWidth)];
    if (narrow.matches && pane && pane !== current) setCurrent(pane);
  }, 120);
});

narrow.addEventListener("change", () => bringToFront(current ?? panes()[0]));

// --- what the story needs of the table

function spotlight(name) {
  for (const pane of panes()) pane.classList.remove("lit");
  if (!name) return;
  const phone = [...phones.values()].find((each) => each.person.name === name);
  const pane = name === "panel" ? byId("panel") : phone?.element;
  if (!pane) return;
  pane.classList.add("lit");
  phone?.markSeen();
  bringToFront(pane);
}

async function showPress(id, messageId, key) {
  const message = phones.get(id)?.element.querySelector(`[data-message="${messageId}"]`);
  const button = [...(message?.querySelectorAll(".key") ?? [])].find((each) => each.dataset.key === key);
  if (!button) return;
  button.scrollIntoView({ block: "nearest" });
  button.classList.add("pressed");
  if (!calm()) await pause(700);
}

// --- the whole page

const botWords = { up: "Kith is running", down: "Kith is not running" };

function show(state) {
  if (!chosen && state.people.length) {
    chosen = true;
    const usual = firstOpen.map((name) => state.people.find((p) => p.name === name)).filter(Boolean);
    for (const person of usual.length ? usual : state.people.slice(0, 4)) putPhone(person);
    bringToFront(panes()[0], "instant");
  }
  for (const person of state.people) phones.get(person.id)?.update(state.chats[person.id], person);
  showClock(state.clock);
  showPanel(state);
  showFaults(state.health.faults);
  showPeopleList();
  if (byId("bot").dataset.is !== state.bot) {
    byId("bot").dataset.is = state.bot;
    byId("bot").replaceChildren(el("span", {}, botWords[state.bot]));
  }
}

function lost(isLost) {
  if (!isLost) return byId("bot").dataset.is === "lost" && live.state && show(live.state);
  byId("bot").dataset.is = "lost";
  byId("bot").textContent = "The playground has stopped";
}

byId("tabs").append(makeTab(byId("panel"), el("span", { class: "avatar why", "aria-hidden": "true" }, icon("asked")), "Why"));
const live = follow(show, lost);
const story = createStory(live, { openAll, spotlight, showPress });

startClock(notice);
startFaults();
startPeople({ notice, open: async (id) => { await live.refresh(); open(id); } });
byId("show-me").addEventListener("click", () => story.start(scenes[0]));
story.invite(scenes[0]);
