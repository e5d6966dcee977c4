// One key for a button that shows it (data-key), never while somebody types, and off for whoever wants that.
// A link with data-go opens by itself, once, unless somebody is typing. What stands still for too long says so.
(() => {
  "use strict";
  const OFF = "sneltoetsen-uit";
  const keysAreOn = () => localStorage.getItem(OFF) === null;
  const typing = () => {
    const field = document.activeElement;
    return field !== null && (field.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName));
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing() || !keysAreOn()) return;
    const button = /^[a-z]$/i.test(event.key) && document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  const written = () => [...document.querySelectorAll("main textarea, main input[type=text]")]
    .some((field) => field.value !== field.defaultValue);
  const go = () => {
    const link = document.querySelector("[data-go]");
    if (!link || location.pathname === link.pathname || typing() || written()) return;
    if (sessionStorage.getItem("geopend") === link.pathname) return;
    sessionStorage.setItem("geopend", link.pathname);
    location.assign(link.href);
  };

  const offer = () => {
    const button = document.querySelector("#sneltoetsen");
    if (!button) return;
    const show = () => {
      button.setAttribute("aria-pressed", String(keysAreOn()));
      button.querySelector("span").textContent = keysAreOn() ? "aan" : "uit";
    };
    button.closest(".needs-script").hidden = false;
    button.addEventListener("click", () => {
      if (keysAreOn()) localStorage.setItem(OFF, "1");
      else localStorage.removeItem(OFF);
      show();
    });
    show();
  };

  const PATIENCE = 5000;
  let lost = 0;
  const stale = (is) => { const note = document.querySelector("#verouderd"); if (note) note.hidden = !is; };
  document.addEventListener("htmx:sse:error", () => { lost ||= setTimeout(() => stale(true), PATIENCE); });
  document.addEventListener("htmx:sse:after:connection", () => { clearTimeout(lost); lost = 0; stale(false); });

  document.addEventListener("DOMContentLoaded", () => { offer(); go(); });
  document.addEventListener("htmx:after:swap", go);
})();
