/* Menus are <details>: open without a script; with it they close by Escape, by a click elsewhere, one at a time. */
const open = () => document.querySelectorAll("details[data-menu][open]");

export const startMenus = () => {
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
};
