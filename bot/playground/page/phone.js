// One phone on the table: its owner, the chat with Kith, toasts, the text box.

import { commandsFor, createComposer } from "./composer.js";
import { avatar, dayName, el, icon, roleWords } from "./dom.js";
import { renderMessage } from "./message.js";
import * as play from "./play.js";

const madeUpPlace = [51.5033, -0.1196];

export function createPhone(person, { close, announce }) {
  const titleId = `phone-${person.id}`;
  const rendered = new Map(); // message id -> { shown, node }
  let seen = null; // the newest message id that somebody has looked at
  let popups = null; // how many popups have been shown
  let newest = 0;
  let blocked = false;
  let busy = 0;

  const badge = el("span", { class: "badge", hidden: true });
  const list = el("ol", {});
  const empty = el("p", { class: "empty" }, "Nothing here yet.");
  const typing = el("p", { class: "typing", hidden: true }, el("i"), el("i"), el("i"));
  const scroller = el(
    "div",
    { class: "chat", tabindex: "0", role: "group", "aria-label": `${person.name}’s messages` },
    empty, list, typing,
  );
  const toasts = el("div", { class: "toasts" });
  const composer = createComposer(person, (text) => act(() => play.write(person.id, text)));
  const item = (words, onclick) => el("button", { type: "button", onclick }, words);
  const blockButton = item("", () => menuAct(() => play.block(person.id, !blocked)));
  const menu = el(
    "details",
    { class: "menu" },
    el("summary", { class: "icon", "aria-label": `More for ${person.name}’s phone` }, icon("more")),
    el(
      "div",
      { class: "menu-items" },
      item("Send a made-up location", () => menuAct(() => play.sendPlace(person.id, ...madeUpPlace))),
      item("Send a made-up photo", () => menuAct(() => play.sendPhoto(person.id))),
      blockButton,
      item("Put this phone away", () => close(person.id)),
    ),
  );
  const element = el(
    "section",
    { class: "phone pane", "aria-labelledby": titleId, "data-person": person.name },
    el(
      "header",
      {},
      avatar(person),
      el("div", { class: "who" }, el("h3", { id: titleId }, person.name), el("p", {}, roleWords(person))),
      badge,
      menu,
    ),
    toasts,
    scroller,
    composer.element,
  );

  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.firstChild.focus();
  });
  element.addEventListener("pointerdown", markSeen);
  element.addEventListener("focusin", markSeen);

  function markSeen() {
    seen = newest;
    showUnread(0);
  }

  function showUnread(count) {
    phone.unread = count;
    badge.hidden = !count;
    badge.textContent = count ? String(count) : "";
    if (count) badge.append(el("span", { class: "unseen" }, " unread"));
    phone.onunread?.();
  }

  async function menuAct(work) {
    menu.open = false;
    menu.firstChild.focus();
    await act(work);
  }

  async function act(work) {
    busy += 1;
    typing.hidden = false;
    toEnd();
    try {
      await work();
    } catch (error) {
      toast(error.message, { kind: "error" });
    } finally {
      busy -= 1;
      typing.hidden = busy === 0;
    }
  }

  const press = (message, button) => act(() => play.tap(person.id, button.data, message.message_id));

  function toast(text, { kind = "popup", stay = false } = {}) {
    const node = el("div", { class: `toast ${kind}` }, el("span", {}, text));
    const remove = () => node.remove();
    node.append(el("button", { type: "button", class: "icon", "aria-label": "Close this note", onclick: remove }, stay ? "OK" : icon("close")));
    toasts.append(node);
    announce(`${person.name}’s phone. ${text}`);
    if (!stay) setTimeout(remove, 7000);
  }

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
  }

  /** Keeps keyboard users in place when the button they pressed is replaced. */
  function keepFocus(hadFocus) {
    if (!hadFocus || element.contains(document.activeElement)) return;
    const groups = list.querySelectorAll(".keyboard");
    const next = groups[groups.length - 1]?.querySelector(".key");
    if (next) next.focus({ preventScroll: true });
    else composer.focus();
  }

  function update(chat, shownPerson) {
    const messages = chat?.messages ?? [];
    const first = seen === null;
    const hadFocus = element.contains(document.activeElement);
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    let changed = false;
    let previousDay = null;
    const wanted = [];
    for (const message of messages) {
      const day = dayName(message.at);
      if (day !== previousDay) wanted.push(separator(day));
      previousDay = day;
      const shown = JSON.stringify(message);
      const known = rendered.get(message.message_id);
      if (known?.shown === shown) {
        wanted.push(known.node);
        continue;
      }
      changed = true;
      const node = renderMessage(message, press);
      if (!known && !first) {
        node.classList.add("new");
        if (message.from === "bot") announce(`${person.name}’s phone. Kith: ${message.text || "an attachment"}`);
      }
      rendered.set(message.message_id, { shown, node });
      wanted.push(node);
    }
    if (changed || list.children.length !== wanted.length) place(wanted);
    empty.hidden = messages.length > 0;
    newest = messages.reduce((most, message) => Math.max(most, message.message_id), 0);
    seen = first ? newest : Math.min(seen, newest);
    if (changed && (atEnd || first)) requestAnimationFrame(toEnd);
    if (changed) keepFocus(hadFocus);

    const allPopups = chat?.popups ?? [];
    for (const popup of allPopups.slice(popups ?? allPopups.length)) toast(popup.text, { stay: popup.alert });
    popups = allPopups.length;

    blocked = Boolean(chat?.blocked ?? shownPerson.blocked);
    element.classList.toggle("blocked", blocked);
    blockButton.textContent = blocked ? "Unblock Kith" : "Block Kith";
    composer.offer(commandsFor(shownPerson, chat));
    if (element.contains(document.activeElement)) seen = newest;
    showUnread(messages.filter((m) => m.from === "bot" && !m.deleted && m.message_id > seen).length);
  }

  // Nodes that stay are not moved: a moved node would lose the focus.
  function place(wanted) {
    const kept = new Set(wanted);
    for (const node of [...list.children]) if (!kept.has(node)) node.remove();
    wanted.forEach((node, index) => {
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
    });
  }

  const separators = new Map();
  function separator(day) {
    if (!separators.has(day)) separators.set(day, el("li", { class: "day" }, el("span", {}, day)));
    return separators.get(day);
  }

  const phone = { person, element, update, markSeen, unread: 0, onunread: null };
  return phone;
}
