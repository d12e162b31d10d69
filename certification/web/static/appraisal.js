// Keys for who goes through many criteria; every key does what a link or a choice on the page does as well.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const keys = document.getElementById("keys");
  if (keys) keys.hidden = false;
  document.querySelectorAll(".js-key").forEach((each) => (each.hidden = false));
});

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("ruling");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[name=do]"));
    return;
  }
  const typing = event.target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") {
    const keys = document.getElementById("keys");
    if (!keys) return;
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
  if (target.matches("input")) {
    target.focus();
    // What the ruling asks for next: the value, or the reason.
    const next = { adjust: ".values input, .values select", reject: "#id_reason", exempt: "#id_reason" }[target.value];
    if (next) form.querySelector(next)?.focus();
  }
});
