// Keeps the telephones of the colleagues fresh, and answers and presses without leaving the page.
// Everything also works without this file.
"use strict";

import { news, refill, SILENT, write } from "./rows.js";

const EVERY = 500; // milliseconds
const silent = document.getElementById("stil");
const aloud = document.getElementById("voorlezen");
const shown = new Map(); // the rows of each telephone as they came, to see which are new
let asked = 0; // the newest answer wins, however late an older one comes

const swap = (box, mode) => {
  const came = box.dataset.mode !== mode;
  box.dataset.mode = mode;
  for (const part of box.querySelectorAll("[data-when]")) {
    const hadFocus = part.contains(document.activeElement);
    part.hidden = part.dataset.when !== mode;
    if (hadFocus && part.hidden) box.querySelector("[data-when]:not([hidden]) button")?.focus({ preventScroll: true });
  }
  if (came && mode === "ringing") aloud.textContent = `De telefoon van ${box.dataset.name} gaat over.`;
};

const show = ({ handsets }) => {
  for (const handset of handsets) {
    const box = document.getElementById(`t-${handset.key}`);
    if (!box) return location.reload(); // somebody was called who was not here yet
    swap(box, handset.mode);
    write(box.querySelector("[data-show=state]"), handset.state);
    const hint = box.querySelector("[data-show=hint]");
    write(hint, handset.hint);
    hint.hidden = !handset.hint;
    const list = box.querySelector("ol");
    const down = () => (list.scrollTop = list.scrollHeight);
    shown.set(handset.key, refill(list, shown.get(handset.key) ?? [], handset.rows, down));
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

document.getElementById("inhoud").addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  ask(event.target.getAttribute("action"), new FormData(event.target, event.submitter));
  if (event.target.matches(".say")) event.target.reset();
});

setInterval(() => {
  if (!document.hidden) ask("/toestellen/stand");
}, EVERY);
