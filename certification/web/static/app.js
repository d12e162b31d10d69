// Small helps on top of pages that work without them. Words come from the page (data-*), so that they are in its language.
"use strict";

// What was typed into a form with data-guard is not lost by leaving the page without a question.
const guarded = () => document.querySelectorAll("form[data-guard]");
let leaving = false;
const typed = new WeakSet();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) typed.add(form);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // a script answers in place, nobody leaves
  leaving = true;
  const form = event.target;
  // A second press on a slow line must not send a form twice.
  if (form.method === "post" && !form.matches("[data-again]")) {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  }
});
window.addEventListener("pageshow", () => {
  leaving = false;
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && [...guarded()].some((form) => typed.has(form))) event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
  // A refused form opens at its faults; a saved one at what was said of it.
  document.querySelector("[data-focus]")?.focus();

  // Empty fields of a filter need not stand in the address.
  document.querySelectorAll("form[data-filters]").forEach((form) => {
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData.entries()]) if (value === "") formData.delete(name);
    });
  });

  // A box that narrows the rows already on the page (data-narrow="#table").
  document.querySelectorAll("input[data-narrow]").forEach((box) => {
    const rows = [...document.querySelectorAll(`${box.dataset.narrow} tbody tr`)];
    const words = rows.map((row) => fold(row.textContent));
    const narrow = () => rows.forEach((row, at) => (row.hidden = !words[at].includes(fold(box.value))));
    box.addEventListener("input", narrow);
    narrow();
  });

  // Arrow keys walk through a grid of cells (data-grid); Tab goes past it.
  document.querySelectorAll("[data-grid]").forEach(walk);
});

// Menus close when the reader goes elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  // "/" goes to the search field of the page.
  if (event.key === "/") {
    const search = (document.querySelector("main input[type=search]") ?? document.querySelector("input[name=q]"));
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

// Without tones and case, as the server searches: "Đắk Hà" is found by "dak ha".
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();
}

function walk(grid) {
  const cells = () => [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("a")]);
  const all = cells().flat();
  all.forEach((cell, at) => (cell.tabIndex = at ? -1 : 0));
  grid.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const rows = cells();
    const y = rows.findIndex((row) => row.includes(event.target));
    if (y < 0) return;
    const x = rows[y].indexOf(event.target);
    let next = null;
    if (event.key in steps) next = rows[y + steps[event.key][0]]?.[x + steps[event.key][1]];
    else if (event.key === "Home") next = rows[y][0];
    else if (event.key === "End") next = rows[y].at(-1);
    else return;
    event.preventDefault();
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}
