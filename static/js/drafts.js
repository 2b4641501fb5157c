/* What was typed survives a session that ends: kept in this tab, for this person and this page alone, never a secret. */
const PREFIX = "typed:";
const KEPT = "input:not([type=password], [type=file], [type=hidden], [type=submit], [type=button]), textarea, select";
const SECRET = /pass|secret|token|code|otp|phone|bank|account|identity|contact|uscc/i;

const quietly = (act) => { try { return act(); } catch { return null; } }; // storage may be switched off or full
const read = (key) => quietly(() => JSON.parse(sessionStorage.getItem(key)));
const write = (key, draft) => quietly(() => sessionStorage.setItem(key, JSON.stringify(draft)));
const drop = (key) => quietly(() => sessionStorage.removeItem(key));
const keys = () => quietly(() => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX))) ?? [];

const chosen = (field) => field.type === "checkbox" || field.type === "radio";
const fields = (form) => [...form.querySelectorAll(KEPT)].filter((field) => field.name && !SECRET.test(field.name) && !field.disabled);
const named = (field) => (chosen(field) ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (chosen(field) ? field.checked : field.value);
const typed = (form) => Object.fromEntries(fields(form).map((field) => [named(field), valueOf(field)]));

const restore = (form, values) => {
  for (const field of fields(form)) {
    const value = values[named(field)];
    if (value === undefined || value === valueOf(field)) continue;
    if (chosen(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

const offer = (form, key, values) => {
  const bar = document.getElementById("typed-back").content.firstElementChild.cloneNode(true);
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if ("back" in button.dataset) restore(form, values);
    else drop(key);
    bar.remove();
  });
  form.before(bar);
};

/* A form that was sent has arrived when another page follows, or the same one without a complaint. */
const settle = (key, form) => {
  for (const one of keys()) {
    const draft = read(one);
    const refused = one === key && form?.querySelector(".bad, .errorlist");
    if (!draft || (draft.sent && !refused)) drop(one);
    else if (draft.sent) write(one, { ...draft, sent: false });
  }
};

export const startDrafts = () => {
  const { who } = document.getElementById("words").dataset;
  if (!who) {
    // signed out: whatever was sent last may not have arrived
    for (const key of keys()) write(key, { ...read(key), sent: false });
    return;
  }
  for (const key of keys()) if (!key.startsWith(`${PREFIX}${who}:`)) drop(key);
  const key = `${PREFIX}${who}:${location.pathname}`;
  const form = document.querySelector("form[data-unsaved]");
  settle(key, form);
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-leave]")) return keys().forEach(drop);
    if (target === form && read(key)) write(key, { values: typed(form), sent: true });
  });
  if (!form) return;
  const draft = read(key);
  const now = typed(form);
  if (draft && Object.entries(draft.values).some(([name, value]) => name in now && now[name] !== value)) offer(form, key, draft.values);
  form.addEventListener("input", () => write(key, { values: typed(form), sent: false }));
  form.addEventListener("saved", () => drop(key));
};
