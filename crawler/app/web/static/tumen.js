// A little better with: "/" goes to the search, j and k from record to record, Enter opens it.
"use strict";

const typing = (target) => target.closest("input, textarea, select") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const field = document.querySelector("#q") || document.querySelector("#find");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const links = [...document.querySelectorAll("main .title a, main td.main a")];
  const at = links.indexOf(document.activeElement);
  const next = links[at + (event.key === "j" ? 1 : -1)];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
});

// A drawing that is wider than the screen begins with its newest end.
for (const drawing of document.querySelectorAll(".scroll:has(.period)")) {
  drawing.scrollLeft = drawing.scrollWidth;
}

// A field that was left empty does not stand in the address.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) {
    if (field.name && field.value === "") field.disabled = true;
  }
});

// Back from the page that was found: the fields are there again.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
});
