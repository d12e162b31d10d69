// Entering facts: a fact is saved when it is left; what could not be saved is said, and never taken away.
"use strict";
(() => {
  const list = document.querySelector(".fact-list");
  if (!list) return;
  const changed = new Set(); // forms with something typed that does not stand yet

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-fact]");
    if (form) changed.add(form);
  });

  // Leaving a fact: the focus goes elsewhere than into its form.
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("form[data-fact]");
    if (!form || !changed.has(form)) return;
    setTimeout(() => {
      if (!form.contains(document.activeElement) && changed.has(form)) htmx.trigger(form, "leave");
    }, 0);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) changed.forEach((form) => htmx.trigger(form, "leave"));
  });

  window.addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });

  const say = (target, words) => {
    let line = target.querySelector(".unsaved.lost");
    if (!line) {
      line = document.createElement("p");
      line.className = "unsaved lost";
      line.setAttribute("role", "alert");
      target.append(line);
    }
    line.textContent = words;
  };

  // After signing in again in another tab the cookie holds the token that counts.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.match(/csrftoken=([^;]+)/);
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token[1];
    if (token && event.detail.parameters?.has?.("csrfmiddlewaretoken")) {
      event.detail.parameters.set("csrfmiddlewaretoken", token[1]);
    }
  });

  const saves = (detail) => detail.elt.matches?.("form[data-fact]");
  document.addEventListener("htmx:beforeRequest", (event) => {
    // What is typed from here on is not part of what is being saved.
    if (saves(event.detail)) {
      changed.delete(event.detail.elt);
      event.detail.elt.dataset.saving = "1";
    }
  });
  const keep = (detail, words) => {
    if (saves(detail)) changed.add(detail.elt);
    say(detail.target, words);
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.getResponseHeader("X-Facts")) return;
    event.detail.shouldSwap = false;
    const over = xhr.status === 403 || xhr.status === 401 || xhr.responseURL !== new URL(event.detail.pathInfo.finalRequestPath, location.href).href;
    keep(event.detail, over ? list.dataset.over : list.dataset.broken);
  });
  document.addEventListener("htmx:sendError", (event) => keep(event.detail, list.dataset.lost));
  document.addEventListener("htmx:sendAbort", (event) => saves(event.detail) && changed.add(event.detail.elt));
  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.detail.requestConfig?.elt;
    // Refused, or somebody else was quicker: it does not stand yet.
    if (form?.matches?.("form[data-fact]") && event.detail.target.querySelector(".unsaved")) changed.add(form);
  });
})();
