// Keeps a form (data-keeps) on the server while somebody types, and when they leave. What could not be kept stays on the
// page and is tried again.
(() => {
  "use strict";
  const PAUSE = 800, AGAIN = 3000, LANDS = 400, LEFT = "draft-left";
  const AWAY = "Niet bewaard: geen verbinding. Uw tekst staat hier nog.";
  const SIGNED_OUT = "Niet bewaard: u bent afgemeld. Meld u aan in een ander venster. Uw tekst staat hier nog.";

  const keep = (form) => {
    const told = document.querySelector("#bewaard"), version = form.elements.versie;
    let timer = 0, dirty = false, busy = false, stopped = false;

    const say = (words, alarm) => {
      if (told.textContent !== words) told.textContent = words;
      told.classList.toggle("is-lost", alarm);
    };
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(() => send(false), wait); };

    const heed = async (answer) => {
      if (answer.status === 401) { say(SIGNED_OUT, true); return AGAIN; }
      if (answer.status >= 500) { say(AWAY, true); return AGAIN; }
      const found = await answer.json();
      if (answer.ok) { version.value = found.version; say(found.said, false); return 0; }
      say(found.said, true);
      stopped = answer.status === 409;
      dirty = true;
      return 0;
    };

    async function send(keepalive) {
      if (busy || stopped) return;
      clearTimeout(timer);
      busy = true;
      dirty = false;
      let wait = AGAIN;
      try {
        const headers = { Accept: "application/json" };
        wait = await heed(await fetch(form.action, { method: "POST", body: new FormData(form), headers, keepalive }));
      } catch {
        say(AWAY, true);
      }
      busy = false;
      if (wait) { dirty = true; later(wait); } else if (dirty && !stopped) later(PAUSE);
    }

    const mark = () => `${form.action} ${version.value}`;

    function leave() {
      if (!dirty || busy || stopped) return;
      sessionStorage.setItem(LEFT, mark());
      send(true);
    }

    // Whoever reloads may be drawn a page from before their last words landed: it is asked for once more.
    if (sessionStorage.getItem(LEFT) === mark()) {
      form.inert = true;
      setTimeout(() => location.reload(), LANDS);
    }
    sessionStorage.removeItem(LEFT);

    form.addEventListener("input", () => {
      dirty = true;
      if (!busy) later(PAUSE);
    });
    form.addEventListener("submit", () => {
      dirty = false;
      stopped = true;
      clearTimeout(timer);
      sessionStorage.removeItem(LEFT);  // the answer to a form is not to be asked for twice
    });

    // Sent before the next page is asked for; on a telephone only the later two are told.
    addEventListener("beforeunload", (event) => {
      if (dirty && (busy || stopped || told.classList.contains("is-lost"))) event.preventDefault();
      leave();
    });
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-keeps]").forEach(keep));
})();
