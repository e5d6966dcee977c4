// Keeps the telephone page fresh, speaks each line aloud, and sends keys without leaving the page.
// Everything also works without this file.
"use strict";

import { news, refill, SILENT, write } from "./rows.js";

const EVERY = 500; // milliseconds
const AFTERWARDS = 6000; // milliseconds
const panel = document.getElementById("gesprek");
const list = document.getElementById("regels");
const box = document.getElementById("toestel");
const sound = document.getElementById("geluid");
const silent = document.getElementById("stil");
const voice = "speechSynthesis" in window ? window.speechSynthesis : null;

let call = panel.dataset.call;
let shown = []; // the rows as they came, to see which are new
let spoken = list.children.length; // rows that were there when the page opened are not read again
let halted = 0; // rows whose interruption was heeded
let until = 0; // a while after the call its last messages are still to come
let asked = 0; // the newest answer wins, however late an older one comes
let loud = voice !== null && localStorage.getItem("geluid") !== "uit";

const put = (name, text) => {
  for (const place of document.querySelectorAll(`[data-show="${name}"]`)) write(place, text);
};

const rows = (wanted) => {
  shown = refill(list, shown, wanted, (row) => row.scrollIntoView({ block: "nearest" }));
};

const hush = () => voice?.cancel();

const say = (text) => {
  document.getElementById("voorlezen").textContent = text;
  if (!loud) return;
  const line = new SpeechSynthesisUtterance(text);
  line.lang = "nl-NL";
  voice.speak(line);
};

const speak = (state) => {
  const cuts = state.cut.filter(Boolean).length;
  if (cuts > halted) hush();
  halted = cuts;
  for (; spoken < state.said.length; spoken += 1) {
    if (state.said[spoken]) say(state.said[spoken]);
  }
};

const alarms = (texts) => {
  document.getElementById("fouten").replaceChildren(
    ...texts.map((text) => {
      const note = document.createElement("p");
      note.className = "note note--alarm";
      note.textContent = text;
      return note;
    }),
  );
};

const show = (state) => {
  if (state.call !== call) {
    call = state.call;
    shown = [];
    spoken = 0;
    halted = 0;
    hush();
  }
  rows(state.rows);
  for (const name of ["state", "hint", "log", "hooks", "report"]) put(name, state[name]);
  for (const note of panel.querySelectorAll(":scope > .note--alarm")) note.remove();
  alarms(state.alarms);
  swap(state.running);
  speak(state);
};

const swap = (running) => {
  for (const part of box.querySelectorAll("[data-when]")) {
    const wanted = (part.dataset.when === "running") === running;
    if (part.hidden === !wanted) continue;
    const hadFocus = part.contains(document.activeElement);
    part.hidden = !wanted;
    if (wanted) part.querySelector("button").focus({ preventScroll: true });
    else if (hadFocus) box.querySelector("[data-when]:not([hidden]) button")?.focus({ preventScroll: true });
  }
};

const ask = async (address, form) => {
  const turn = (asked += 1);
  try {
    const state = await news(address, form);
    silent.hidden = true;
    if (turn === asked) show(state);
  } catch {
    silent.textContent = SILENT;
    silent.hidden = false;
  }
};

box.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target, event.submitter);
  for (const key of box.querySelectorAll(".key--last")) key.classList.remove("key--last");
  if (event.submitter?.name === "toets") event.submitter.classList.add("key--last");
  if (event.target.matches(".say")) event.target.reset();
  ask(event.target.getAttribute("action"), form);
});

// Only while the focus is on the telephone: a key pressed elsewhere belongs to the browser.
box.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select")) return;
  const key = [...box.querySelectorAll(".key")].find((one) => one.value === event.key);
  if (!key || key.closest("[hidden]")) return;
  event.preventDefault();
  key.click();
});

const mark = () => {
  sound.setAttribute("aria-pressed", String(loud));
  sound.textContent = loud ? "Geluid aan" : "Geluid uit";
};

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    document.getElementById("voorlezen").textContent = button.textContent = "Het verslag is gekopieerd";
  });
}

if (voice) {
  sound.hidden = false;
  mark();
  sound.addEventListener("click", () => {
    loud = !loud;
    localStorage.setItem("geluid", loud ? "aan" : "uit");
    if (!loud) hush();
    mark();
  });
}

setInterval(() => {
  const running = !box.querySelector("[data-when=running]").hidden;
  if (running) until = Date.now() + AFTERWARDS;
  if (!document.hidden && Date.now() < until) ask("/telefoon/stand");
}, EVERY);
