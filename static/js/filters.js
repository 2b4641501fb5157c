/* A filter applies as soon as it is chosen, a group of boxes when its menu closes; empty ones stay out of the address. */
const clean = (form) => {
  for (const field of form.elements) {
    if (field.name && !field.value) field.disabled = true;
  }
};

const apply = (form) => {
  form.addEventListener("change", (event) => {
    const menu = event.target.closest("details");
    if (menu) menu.dataset.changed = "";
    else if (event.target.type !== "search") form.requestSubmit();
  });
  for (const menu of form.querySelectorAll("details")) {
    menu.addEventListener("toggle", () => {
      if (!menu.open && "changed" in menu.dataset) form.requestSubmit();
    });
  }
  form.addEventListener("submit", () => clean(form));
};

export const startFilters = () => {
  document.querySelectorAll("form[data-filters]").forEach(apply);
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-filters] :disabled")) field.disabled = false;
  });
};
