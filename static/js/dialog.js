/* A link with data-dialog-open shows the dialog of that id; without a script the link opens its own page. */
export const startDialogs = () => {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-dialog-close]") || event.target.matches("dialog")) {
      event.target.closest("dialog")?.close();
    }
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    if (dialog.querySelector(".errorlist, .summary")) dialog.showModal();
  }
};
