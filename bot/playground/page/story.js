// "Show me": plays a scene on the phones, one explained step at a time.

import { byId, calm, el, icon, pause } from "./dom.js";
import * as play from "./play.js";

const reading = (step) => Math.max(4500, 330 * `${step.title} ${step.say}`.split(" ").length);

const patience = 10_000; // milliseconds: so long a Kith that has just been started may take

/** The newest button on a phone whose text contains the label, or null. */
export function findButton(chat, label) {
  const straight = (text) => text.replaceAll("’", "'");
  for (const message of [...(chat?.messages ?? [])].reverse()) {
    if (message.deleted) continue;
    for (const button of (message.buttons ?? []).flat()) {
      if (button.data && straight(button.text).includes(straight(label))) return { message, button };
    }
  }
  return null;
}

const newestFromKith = (chat) =>
  (chat?.messages ?? []).filter((m) => m.from === "bot").reduce((most, m) => Math.max(most, m.message_id), 0);

export function createStory(live, table) {
  const box = byId("story");
  let scene = null;
  let index = -1;
  let auto = false;
  let busy = false;
  let timer = 0;
  let run = 0; // counts starts and stops: work of an earlier run ends itself

  const person = (name) => live.state.people.find((p) => p.name === name);
  const chat = (name) => live.state.chats[person(name).id];

  // --- what steps do

  async function press(name, label) {
    const found = findButton(chat(name), label);
    if (!found) throw new Error(`“${label}” is not on ${name}’s phone now.`);
    await table.showPress(person(name).id, found.message.message_id, found.button.data);
    await play.tap(person(name).id, found.button.data, found.message.message_id);
    await live.refresh();
  }

  async function waitFor(name, minutes) {
    const before = newestFromKith(chat(name));
    const end = Date.parse(live.state.clock.now) + minutes * 60_000;
    while (newestFromKith(chat(name)) === before) {
      const { now, next } = live.state.clock;
      if (Date.parse(now) >= end) throw new Error(`${name}’s phone has no new message after ${minutes} minutes.`);
      const ahead = next && Date.parse(next) > Date.parse(now) && Date.parse(next) <= end;
      await (ahead ? play.nextThing() : play.advance(60));
      await live.refresh();
    }
  }

  async function perform(act) {
    if (act.types) {
      await play.write(person(act.who).id, act.types);
      await live.refresh();
    } else if (act.taps) await press(act.who, act.taps);
    else await waitFor(act.until, act.minutes);
    if (!calm()) await pause(350);
  }

  // --- starting cleanly

  /** The first button of the tidy table that is on a phone and not yet pressed, or null. */
  function leftOver(pressed = new Set()) {
    const names = (who) => (who === "anybody" ? live.state.people.map((p) => p.name) : [who]);
    for (const [who, label] of scene.tidy) {
      for (const name of names(who)) {
        const found = findButton(chat(name), label);
        const key = `${name} ${label} ${found?.message.message_id}`;
        if (found && !pressed.has(key)) return { name, label, key };
      }
    }
    return null;
  }

  async function tidy() {
    const pressed = new Set();
    for (let found = leftOver(); found; found = leftOver(pressed)) {
      pressed.add(found.key);
      await press(found.name, found.label);
    }
  }

  // --- the card

  function button(text, props, symbol) {
    return el("button", { type: "button", ...props }, symbol && icon(symbol), text);
  }

  function card({ title, say, count, buttons, problem = false }) {
    box.hidden = false;
    box.classList.toggle("problem", problem);
    box.replaceChildren(
      el(
        "div",
        { class: "story-text", role: "status" },
        el("p", { class: "story-title" }, count && el("span", { class: "count" }, count), el("b", {}, title)),
        el("p", {}, say),
      ),
      el("div", { class: "story-buttons" }, ...buttons),
      el("div", { class: "story-progress", "aria-hidden": "true" }),
    );
  }

  const nextButton = button("Next", { class: "strong", id: "story-next", onclick: () => step(true) });
  const autoButton = button("", { class: "quiet", id: "story-auto", onclick: toggleAuto });
  const endButton = button("End", { class: "quiet", id: "story-end", onclick: stop });

  function drawAuto() {
    autoButton.replaceChildren(icon(auto ? "pause" : "play"), auto ? "Pause" : "Play");
  }

  const last = () => index === scene.steps.length - 1;

  function showStep() {
    const { title, say } = scene.steps[index];
    nextButton.textContent = last() ? "Finish" : "Next";
    autoButton.hidden = last();
    drawAuto();
    // Only the words change, so that the buttons keep the focus.
    if (box.contains(nextButton) && box.querySelector(".count")) {
      box.querySelector(".count").textContent = `${index + 1} of ${scene.steps.length}`;
      box.querySelector(".story-title b").textContent = title;
      box.querySelector(".story-text p:last-child").textContent = say;
    } else {
      card({ title, say, count: `${index + 1} of ${scene.steps.length}`, buttons: [nextButton, autoButton, endButton] });
    }
    box.querySelector(".story-progress").replaceChildren(
      ...scene.steps.map((_, at) => el("i", { class: at < index ? "done" : at === index ? "here" : "" })),
    );
  }

  function trouble(sentence) {
    table.spotlight(null);
    setAuto(false);
    card({
      title: "The story stops here",
      say: `${sentence} You can play on by hand, or start again.`,
      problem: true,
      buttons: [button("Start again", { class: "strong", onclick: () => start(scene) }), endButton],
    });
    box.querySelector("button").focus();
  }

  // --- moving on

  function setAuto(on) {
    auto = on;
    clearTimeout(timer);
    drawAuto();
  }

  function toggleAuto() {
    setAuto(!auto);
    if (auto && !busy) step(false);
  }

  async function step(byHand) {
    if (busy) return;
    if (byHand) setAuto(false);
    clearTimeout(timer);
    index += 1;
    if (index >= scene.steps.length) return stop();
    const mine = run;
    const current = scene.steps[index];
    busy = true;
    nextButton.setAttribute("aria-disabled", "true");
    showStep();
    try {
      if (current.look !== "panel") table.spotlight(current.look);
      if (!calm()) await pause(500);
      for (const act of current.does) {
        if (mine !== run) return;
        await perform(act);
      }
      if (mine !== run) return;
      table.spotlight(current.look);
    } catch (error) {
      if (mine === run) trouble(error.message);
    } finally {
      if (mine === run) {
        busy = false;
        nextButton.removeAttribute("aria-disabled");
        if (last()) setAuto(false);
        else if (auto) timer = setTimeout(() => step(false), reading(current));
      }
    }
  }

  function stop() {
    run += 1;
    busy = false;
    setAuto(false);
    nextButton.removeAttribute("aria-disabled");
    table.spotlight(null);
    box.hidden = true;
    byId("show-me").focus();
  }

  async function begin() {
    const mine = ++run;
    index = -1;
    busy = true;
    try {
      await play.clearFaults();
      await tidy();
    } catch (error) {
      if (mine === run) {
        busy = false;
        trouble(error.message);
      }
      return;
    }
    if (mine !== run) return;
    busy = false;
    setAuto(!calm());
    await step(false);
  }

  async function start(chosen, until = Date.now() + patience) {
    const mine = ++run;
    busy = false;
    setAuto(false);
    scene = chosen;
    const missing = scene.needs.filter((name) => !live.state?.people.some((p) => p.name === name));
    if (missing.length) {
      card({
        title: "This story needs the sample people",
        say: `${missing.join(", ")} are not here. Start “kith demo” with its sample to see it.`,
        problem: true,
        buttons: [endButton],
      });
    } else if (live.state.clock.mode !== "hand") {
      card({
        title: "This story needs a clock that can be moved",
        say: "The time here is the real time. Start “kith demo” with a clock set by hand to see it.",
        problem: true,
        buttons: [endButton],
      });
    } else if (live.state.bot !== "up" && Date.now() < until) {
      card({ title: "One moment", say: "Kith is starting.", buttons: [endButton] });
      setTimeout(() => mine === run && start(chosen, until), 300);
    } else if (live.state.bot !== "up") {
      card({ title: "Kith is not running", say: "Start Kith, then press “Show me” again.", problem: true, buttons: [endButton] });
    } else {
      table.openAll(scene.needs.map((name) => person(name).id));
      if (leftOver()) {
        card({
          title: "Something is still going on",
          say: "To start fresh, Sam comes home first and staff close what is open. Shall I do that?",
          buttons: [button("Start fresh", { class: "strong", onclick: begin }), endButton],
        });
      } else return begin();
    }
    box.querySelector("button").focus();
  }

  function invite(chosen) {
    scene = chosen;
    card({
      title: scene.name,
      say: scene.opening,
      buttons: [
        button("Show me", { class: "strong", onclick: () => start(scene) }, "play"),
        button("I will look round myself", { class: "quiet", onclick: () => (box.hidden = true) }),
      ],
    });
  }

  return { start, invite };
}
