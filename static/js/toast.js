/* Short messages: Django's own at page load, and those of failed htmx requests. A 4xx or 5xx never replaces a form. */
const words = () => document.getElementById("words").dataset;

export const toast = (text, kind = "info") => {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  const mark = document.createElement("span");
  const line = document.createElement("p");
  line.textContent = text;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "btn quiet sq sm", textContent: "×" });
  close.setAttribute("aria-label", words().close);
  close.dataset.toastClose = "";
  box.append(mark, line, close);
  document.getElementById("toasts").append(box);
  fade(box);
};

const fade = (box) => {
  if (!box.matches(".error, .warning")) setTimeout(() => box.remove(), 8000);
};

export const startToasts = () => {
  document.querySelectorAll(".toast").forEach(fade);
  document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast").remove());
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    if (status === 422) return;
    toast(status >= 500 ? words().failed : words().refused, "error");
  });
  document.addEventListener("htmx:error", () => toast(words().offline, "error"));
};
