/* The sheet of an expert: the running total (the server counts again when it is saved), the level that a score falls
   into, the keyboard, and on narrow screens one of proposal and scores at a time. */
const form = document.querySelector("form[data-review]");

const number = (text) => {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : 0;
};

const show = () => {
  const automatic = [...form.querySelectorAll("[data-auto]")].reduce((sum, node) => sum + number(node.textContent), 0);
  const given = [...form.querySelectorAll("[data-score]")].reduce((sum, input) => sum + number(input.value), 0);
  form.querySelector("[data-total]").firstChild.textContent = (automatic + given).toFixed(1);
};

/* Of the levels the one that the score falls into. */
const place = (input) => {
  const value = Number.parseFloat(input.value);
  for (const level of input.closest(".point").querySelectorAll("[data-low]")) {
    level.classList.toggle("here", value >= Number(level.dataset.low) && value <= Number(level.dataset.high) + 0.05);
  }
};

/* --- keyboard ----------------------------------------------------------------------------------- */
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const CASES = { "[": "[data-previous]", "]": "[data-next]" };

const step = (by) => {
  const scores = [...form.querySelectorAll("[data-score]:not(:disabled)")];
  const here = scores.indexOf(document.activeElement);
  const next = scores[Math.min(Math.max(here + by, 0), scores.length - 1)];
  next?.focus();
  next?.select();
};

const pressed = (event) => {
  const { key, target } = event;
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    if (key === "Enter") form.querySelector("[data-onward]")?.click();
    return;
  }
  const atScore = target.matches("[data-score]");
  if (!atScore && target.closest("input, textarea, select, button, a, summary, dialog, [contenteditable]")) return;
  if (!atScore && key.startsWith("Arrow")) return; // the page scrolls
  if (atScore && key === "Enter") {
    event.preventDefault();
    step(1);
  } else if (key in STEPS) {
    event.preventDefault();
    step(STEPS[key]);
  } else if (key in CASES) {
    document.querySelector(CASES[key])?.click();
  }
};

/* --- narrow screens ----------------------------------------------------------------------------- */
const turn = (pane) => {
  document.body.dataset.pane = pane;
  for (const button of document.querySelectorAll("[data-pane][aria-pressed]")) button.setAttribute("aria-pressed", String(button.dataset.pane === pane));
};

if (form) {
  form.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-score]")) return;
    show();
    place(target);
  });
  form.querySelectorAll("[data-score]").forEach(place);
  document.addEventListener("keydown", pressed);
  for (const button of document.querySelectorAll("button[data-pane]")) button.addEventListener("click", () => turn(button.dataset.pane));
  turn(form.querySelector(".bad, .errorlist") ? "scores" : "proposal");
}
