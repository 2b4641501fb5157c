/* Light or dark, and the height of rows; remembered in this browser. */
const root = document.documentElement;

const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: holds for this page only */ } };

const press = () => {
  for (const button of document.querySelectorAll("[data-set-density]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setDensity === (root.dataset.density ?? "")));
  }
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
  }
};

export const startTheme = () => {
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-theme-toggle]");
    const density = event.target.closest("[data-set-density]");
    if (toggle) {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      keep("theme", root.dataset.theme);
      document.dispatchEvent(new Event("themechange"));
    }
    if (density) {
      root.dataset.density = density.dataset.setDensity;
      keep("density", root.dataset.density);
    }
    if (toggle || density) press();
  });
  press();
};
