// The text box of a phone, with the hint menu of the bot's commands.

import { el, icon } from "./dom.js";

const usual = [["start", "Begin"], ["help", "Help and emergency numbers"], ["privacy", "What is kept"]];
const byRole = {
  person: [["out", "Go out"], ["ok", "I'm OK"], ["home", "I'm home"]],
  staff: [["whos_out", "Who is out now"], ["test_alert", "Try a practice alert"]],
};

/** The commands that the bot has set for this chat, or the usual ones for the role. */
export function commandsFor(person, chat) {
  if (chat?.commands?.length) return chat.commands;
  const known = person.role && !["carer", "advocate", "person"].includes(person.role) ? "staff" : person.role;
  const pairs = [...(byRole[known] ?? []), ...usual];
  return pairs.map(([command, description]) => ({ command, description }));
}

export function createComposer(person, send) {
  const menuId = `commands-${person.id}`;
  let commands = [];
  let chosen = -1;

  const menu = el("ul", { class: "commands", id: menuId, role: "listbox", hidden: true, "aria-label": "Commands" });
  const input = el("input", {
    type: "text", role: "combobox", autocomplete: "off", maxlength: "4096", placeholder: "Message",
    "aria-label": `Message to Kith from ${person.name}`, "aria-autocomplete": "list",
    "aria-controls": menuId, "aria-expanded": "false",
  });
  const slash = el("button", { type: "button", class: "icon", "aria-label": `Commands for ${person.name}`, onclick: toggle }, "/");
  const submit = el("button", { type: "submit", class: "icon send", "aria-label": `Send from ${person.name}` }, icon("send"));
  const form = el("form", { class: "composer" }, menu, slash, input, submit);

  function toggle() {
    if (menu.hidden) {
      input.value = "/";
      input.focus();
      open();
    } else {
      input.value = "";
      close();
    }
  }

  function close() {
    menu.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open() {
    const typed = input.value;
    const found = /^\/\S*$/.test(typed) ? commands.filter((c) => `/${c.command}`.startsWith(typed)) : [];
    if (!found.length) return close();
    menu.replaceChildren(
      ...found.map((c, index) =>
        el(
          "li",
          { role: "option", id: `${menuId}-${index}`, "aria-selected": "false", "data-command": c.command,
            onmousedown: (event) => event.preventDefault(), onclick: () => say(`/${c.command}`) },
          el("b", {}, `/${c.command}`), " ", el("span", {}, c.description),
        ),
      ),
    );
    menu.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const options = [...menu.children];
    chosen = (chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function say(text) {
    close();
    input.value = "";
    if (text.trim()) send(text.trim());
  }

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (menu.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const option = menu.hidden ? null : menu.children[chosen];
    say(option ? `/${option.dataset.command}` : input.value);
  });

  /** The commands to hint at; a menu that is asked for already shows them. */
  function offer(offered) {
    if (JSON.stringify(offered) === JSON.stringify(commands)) return;
    commands = offered;
    if (document.activeElement === input) open();
  }

  return { element: form, focus: () => input.focus(), offer };
}
