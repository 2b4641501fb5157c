/* Keeps the total of the rubric in step with what is typed; the server counts again when it is saved. */
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

form?.addEventListener("input", (event) => {
  if (event.target.matches("[data-score]")) show();
});
