// Sliders write into the field beside them, which alone is sent; without JavaScript the fields are typed into.
(() => {
  "use strict";
  const mark = (field) => field.toggleAttribute("data-changed", field.value !== field.dataset.recorded);
  document.querySelectorAll("[data-recorded]").forEach((field) => {
    mark(field);
    field.addEventListener("input", () => mark(field));
  });
  document.querySelectorAll("[data-slides]").forEach((slider) => {
    const field = document.getElementById(slider.dataset.slides);
    slider.hidden = false;
    slider.addEventListener("input", () => {
      const [, whole] = field.value.split("/");
      const base = whole ?? field.dataset.recorded.split("/")[1];
      field.value = base === undefined ? slider.value : `${slider.value}/${base.trim()}`;
      mark(field);
    });
    field.addEventListener("input", () => {
      const typed = Number.parseInt(field.value, 10);
      if (!Number.isNaN(typed)) slider.value = String(typed);
    });
  });
})();
