// Small builders for the page: elements, icons, times, Telegram's safe markup.

export const byId = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function avatar(person) {
  const letters = person.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
  return el("span", { class: `avatar hue-${person.id % 8}`, "aria-hidden": "true" }, letters);
}

/** "on_call lead" as people read it; somebody without a role is a stranger to Kith. */
export function roleWords(person) {
  if (person.role === "person") return "The person";
  const words = (person.role ?? "stranger").replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

const zone = { timeZone: "Europe/London" };
const clockFormat = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
const weekdayFormat = new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "long" });
const dayFormat = new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "long", day: "numeric", month: "long" });
const dateFormat = new Intl.DateTimeFormat("en-GB", { ...zone, day: "numeric", month: "long" });

export const hourMinute = (moment) => clockFormat.format(new Date(moment));
export const dayName = (moment) => dayFormat.format(new Date(moment));

/** ["Sunday afternoon,", "22 November"]: the day as people say it, in UK time. */
export function dayInWords(moment) {
  const date = new Date(moment);
  const hour = Number(hourMinute(date).slice(0, 2));
  const part = hour < 5 ? "night" : hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
  return [`${weekdayFormat.format(date)} ${part},`, dateFormat.format(date)];
}

const allowed = new Set(["B", "STRONG", "I", "EM", "U", "S", "CODE", "PRE", "BLOCKQUOTE", "A"]);

/** Telegram's markup rebuilt from an allow-list, so that nothing else reaches the page. */
export function markup(html) {
  const source = new DOMParser().parseFromString(html, "text/html").body;
  const copy = (from, to) => {
    for (const child of from.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
      else if (child.nodeType === Node.ELEMENT_NODE) {
        if (child.tagName === "BR") to.append("\n");
        else if (allowed.has(child.tagName)) {
          const kept = el(child.tagName.toLowerCase());
          const href = child.getAttribute("href") ?? "";
          if (child.tagName === "A" && /^(https?|tg|mailto):/.test(href)) {
            Object.assign(kept, { href, target: "_blank", rel: "noopener noreferrer" });
          }
          copy(child, kept);
          to.append(kept);
        } else copy(child, to);
      }
    }
    return to;
  };
  return copy(source, document.createDocumentFragment());
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
