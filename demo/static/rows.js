// What the pages with telephones share: lists of lines that grow, and asking the network for news.
"use strict";

// Makes the list show these lines; what is there already stays as it is. Calls `added` with each new one.
export const refill = (list, shown, wanted, added = () => {}) => {
  while (list.children.length > wanted.length) list.lastElementChild.remove();
  wanted.forEach((html, place) => {
    if (shown[place] === html && list.children[place]) return;
    const made = document.createElement("template");
    made.innerHTML = html.trim();
    const row = made.content.firstElementChild;
    if (list.children[place]) list.children[place].replaceWith(row);
    else {
      list.append(row);
      added(row);
    }
  });
  return wanted;
};

// The news from an address, after sending it a form if there is one.
export const news = async (address, form) => {
  const answer = await fetch(address, {
    method: form ? "POST" : "GET",
    body: form ? new URLSearchParams(form) : undefined,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

export const write = (place, text) => {
  if (place.textContent !== String(text)) place.textContent = text;
};

export const SILENT = "Het netwerk van de demonstratie antwoordt niet. Draait het programma nog?";
