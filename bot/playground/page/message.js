// One message as a bubble: words, place, file, photo, marks, buttons.

import { el, hourMinute, icon, markup } from "./dom.js";

function attachment(message) {
  const { location, document: file, photo } = message;
  if (location) {
    const where = location.address ?? `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`;
    const title = location.title ?? (location.live ? "Live location" : "Location");
    return el("p", { class: "attached" }, icon("pin"), el("span", {}, title, el("small", {}, where)));
  }
  if (file) {
    const size = `${Math.max(1, Math.round(file.size / 1024))} kB`;
    const label = el("span", {}, file.name, el("small", {}, size));
    return el("a", { class: "attached", href: file.url, download: file.name }, icon("file"), label);
  }
  if (photo) return el("img", { class: "photo", src: photo.url, alt: message.text || "Photo" });
  return null;
}

function marks(message) {
  return el(
    "p",
    { class: "marks" },
    message.reactions?.length > 0 && el("span", { class: "mark" }, message.reactions.join(" ")),
    message.pinned && el("span", { class: "mark" }, "pinned"),
    message.protected && el("span", { class: "mark" }, icon("lock"), "protected"),
    message.edited && !message.deleted && el("span", { class: "mark" }, "edited"),
    el("time", { datetime: message.at }, hourMinute(message.at)),
  );
}

function keyboard(message, press) {
  if (!message.buttons?.length || message.deleted) return null;
  const rows = message.buttons.map((row) =>
    el(
      "div",
      { class: `keys keys-${Math.min(row.length, 5)}` },
      ...row.map((button) =>
        button.url
          ? el("a", { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text)
          : el(
              "button",
              { type: "button", class: "key", "data-key": button.data, onclick: () => press(message, button) },
              button.text,
            ),
      ),
    ),
  );
  return el("div", { class: "keyboard", role: "group", "aria-label": "Buttons of this message" }, ...rows);
}

export function renderMessage(message, press) {
  const mine = message.from === "user";
  const who = el("span", { class: "unseen" }, mine ? "Sent: " : "Kith: ");
  const words = message.deleted
    ? el("p", { class: "words gone" }, who, "This message was deleted")
    : el("div", { class: "words" }, who, message.html ? markup(message.html) : message.text);
  return el(
    "li",
    { class: `message ${mine ? "mine" : "kith"}`, "data-message": message.message_id },
    el(
      "div",
      { class: "bubble" },
      !message.deleted && attachment(message),
      (message.text || message.deleted || !attachment(message)) && words,
      marks(message),
    ),
    keyboard(message, press),
  );
}
