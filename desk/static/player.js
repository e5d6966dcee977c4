// Keys beside a spoken message: back ten seconds, and faster. Without scripts the browser's own player does the rest.
"use strict";

document.documentElement.classList.add("can-play");
document.addEventListener("click", ({ target }) => {
  const key = target.closest("[data-back], [data-rate]");
  const player = key?.closest(".player");
  const sound = player?.querySelector("audio");
  if (!sound) return;
  if (key.dataset.back) {
    sound.currentTime = Math.max(0, sound.currentTime - Number(key.dataset.back));
    return;
  }
  sound.playbackRate = sound.defaultPlaybackRate = Number(key.dataset.rate);
  for (const each of player.querySelectorAll("[data-rate]")) each.setAttribute("aria-pressed", String(each === key));
});
