// Reads a text aloud with the browser's own Dutch voice. Without it, or without scripts, the text is simply there.
"use strict";

const speech = window.speechSynthesis;
const buttons = document.querySelectorAll("[data-say]");
let speaking = null;

function show(button, on) {
  button.querySelector("[data-say-word]").textContent = on ? "Stop" : "Beluister";
}

function quiet() {
  if (speaking) show(speaking, false);
  speaking = null;
  speech.cancel();
}

function say(button) {
  const words = new SpeechSynthesisUtterance(button.dataset.say);
  words.lang = "nl-NL";
  words.voice = speech.getVoices().find((voice) => voice.lang.replace("_", "-") === "nl-NL") ?? null;
  words.onend = words.onerror = () => speaking === button && quiet();
  speaking = button;
  show(button, true);
  speech.speak(words);
}

if (speech) {
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const again = speaking !== button;
      quiet();
      if (again) say(button);
    });
  }
  window.addEventListener("pagehide", quiet);
}
