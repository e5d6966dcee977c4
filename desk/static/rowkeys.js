// One key for a button (data-row-key) of the row that has the focus; the hint beside it is shown once this works.
(() => {
  "use strict";
  const typing = (field) => field.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName);

  document.addEventListener("keydown", (event) => {
    const field = document.activeElement;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !field || typing(field)) return;
    const row = field.closest("[data-row]");
    const button = row && /^[a-z]$/i.test(event.key) && row.querySelector(`[data-row-key="${event.key.toLowerCase()}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  document.querySelectorAll("[data-row] kbd[hidden]").forEach((hint) => { hint.hidden = false; });
})();
