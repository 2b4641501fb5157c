/* Forms: warn before typed text is lost, refuse the second click, bring the eye to what is wrong. */
let leaving = false;

const dirty = (form) => form.dataset.dirty === "1";

const release = (form) => {
  form.removeAttribute("data-busy");
  for (const button of form.querySelectorAll("button[data-waiting]")) {
    button.disabled = false;
    button.removeAttribute("data-waiting");
  }
};

const hold = (form) => {
  form.dataset.busy = "1";
  // after this task, so that the button's own name and value still go with the form
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      if (button.disabled) continue;
      button.disabled = true;
      button.dataset.waiting = "";
    }
  });
  // a form that answers with a file leaves the page where it is
  setTimeout(() => release(form), 10000);
};

const submitted = (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.busy === "1") return event.preventDefault();
  leaving = true;
  hold(form);
};

/* The answer to a form that was refused stands in the history as a page to be sent once more, which browsers show as an
   error when one comes back to it; as an ordinary page it is simply loaded. */
const forgetPost = () => history.replaceState(history.state, "", location.href);

export const startForms = () => {
  forgetPost();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (form) form.dataset.dirty = "1";
  });
  document.addEventListener("saved", ({ target }) => { delete target.dataset.dirty; });
  document.addEventListener("submit", submitted);
  addEventListener("beforeunload", (event) => {
    if (!leaving && [...document.querySelectorAll("form[data-unsaved]")].some(dirty)) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    leaving = false;
    document.querySelectorAll("form[data-busy]").forEach(release);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
    leaving = false;
  });
  document.querySelector("[data-focus]:not([data-still] *)")?.focus();
};
