/* A form with data-autosave saves itself while one types, tells how far it is, and never overwrites somebody else's text:
   the server answers with both, and from then on only the button saves. What is not saved yet stays in the form. */
const REST = 1200; // milliseconds without a key until it is saved
const LOOK = 15000; // milliseconds between two looks for others
const ASLEEP = 180000; // milliseconds without a sign of life after which nobody is looked for
const PATIENCE = 20000; // milliseconds for an answer
const LONGEST = 30000; // milliseconds between two tries

const form = document.querySelector("form[data-autosave]");
const mark = document.querySelector("[data-mark]");
const said = document.querySelector("[data-said]")?.dataset;
const page = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

let changes = 0; // how often something was typed
let kept = 0; // how many of these the server has
let busy = false;
let paused = false; // somebody else's text stands beside this one
let tries = 0;
let alive = Date.now();
let timer;

/* Not by form.elements: a field of the form may itself be called “elements”. */
const field = (name) => form.querySelector(`[name="${CSS.escape(name)}"]`);
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};

const show = (state, facts = {}) => {
  for (const one of mark.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
  for (const [name, text] of Object.entries(facts)) for (const place of mark.querySelectorAll(`[data-${name}]`)) place.textContent = text;
};

const wrong = (errors) => {
  form.querySelectorAll(".errorlist").forEach((one) => one.remove());
  form.querySelectorAll(".fld.bad").forEach((one) => one.classList.remove("bad"));
  for (const [name, sentences] of Object.entries(errors)) {
    const place = field(name) ?? mark;
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.append(...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    place.before(list);
    place.closest(".fld")?.classList.add("bad");
  }
};

const stand = (html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  document.querySelector("[data-meanwhile]").replaceChildren(...parsed.body.children);
};

const isSignIn = (answer) => answer.redirected && new URL(answer.url).pathname === document.getElementById("words").dataset.login;

/* --- saving ------------------------------------------------------------------------------------- */
/* A form of several questions: what each field began with now, which questions are asked, what is worked out. */
const adopt = ({ fields = {}, shown = {}, needed = {}, wrong: said = {}, worked = {} }) => {
  for (const [name, mark] of Object.entries(fields)) if (field(name)) field(name).value = mark;
  for (const [code, asked] of Object.entries(shown)) form.querySelector(`[data-ask="${code}"]`)?.toggleAttribute("hidden", !asked);
  for (const [code, must] of Object.entries(needed)) form.querySelector(`[data-ask="${code}"] [data-need]`)?.toggleAttribute("hidden", !must);
  for (const [code, text] of Object.entries(said)) {
    const place = form.querySelector(`[data-ask="${code}"] [data-wrong]`);
    if (!place) continue;
    place.hidden = !text;
    if (text) place.querySelector("span").textContent = text;
  }
  for (const [code, text] of Object.entries(worked)) {
    const place = form.querySelector(`[data-worked="${code}"]`);
    if (place) place.textContent = text || place.dataset.unknown;
  }
};

const arrived = (answer, sent) => {
  kept = sent;
  tries = 0;
  field("version").value = answer.version;
  if (answer.seen) field("seen").value = answer.seen;
  adopt(answer);
  wrong({});
  show("saved", { at: answer.at });
  if (kept === changes) form.dispatchEvent(new Event("saved", { bubbles: true }));
  else later(REST);
};

const again = (state) => {
  show(state);
  later(Math.min(LONGEST, 1000 * 2 ** tries++));
};

const takeConflict = (answer) => {
  if (!answer.html) return show("closed", { detail: answer.detail });
  paused = true;
  stand(answer.html);
  field("version").value = answer.version;
  if (answer.seen) field("seen").value = answer.seen;
  adopt(answer);
  show("changed");
};

const signedOut = () => {
  show("retrying");
  const dialog = document.getElementById("signed-out");
  if (!dialog.open) dialog.showModal();
};

const take = async (answer, sent) => {
  if (isSignIn(answer)) return signedOut();
  if (answer.ok) return arrived(await answer.json(), sent);
  if (answer.status === 409) return takeConflict(await answer.json());
  if (answer.status === 422) {
    const told = await answer.json();
    if (told.version) field("version").value = told.version;
    if (told.seen) field("seen").value = told.seen;
    adopt(told);
    wrong(told.errors);
    show("wrong");
    return changes === sent || later(REST); // what was typed meanwhile may be right
  }
  if (answer.status === 403) await renew();
  again("retrying");
};

const save = async () => {
  if (busy || paused || kept === changes) return;
  busy = true;
  const sent = changes;
  show("saving");
  try {
    await take(await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), signal: AbortSignal.timeout(PATIENCE) }), sent);
  } catch {
    again("offline");
  }
  busy = false;
};

/* After signing in again the old token is worth nothing: the page as it is now has the new one. */
const renew = async () => {
  const answer = await fetch(location.href);
  if (isSignIn(answer)) return signedOut();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const who = (one) => one.getElementById("words")?.dataset.who;
  const token = fresh.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
  if (token && who(fresh) === who(document)) field("csrfmiddlewaretoken").value = token.value;
  else location.reload();
};

const comeBack = async () => {
  const dialog = document.getElementById("signed-out");
  if (!dialog.open) return;
  dialog.close();
  try {
    await renew();
  } catch {
    return again("offline");
  }
  later(0);
};

/* --- others ------------------------------------------------------------------------------------- */
const look = async () => {
  if (document.hidden || Date.now() - alive > ASLEEP) return;
  try {
    const answer = await fetch(form.dataset.autosave, { headers: { "Portal-Background": "1" } });
    if (answer.ok && !answer.redirected) tell(await answer.json());
  } catch {
    // nobody is seen without a connection; saving says so
  }
};

const tell = ({ others, version, by, at }) => {
  const line = mark.querySelector("[data-others]");
  line.hidden = others.length === 0;
  line.querySelector("span").textContent = fill(said.here, { names: others.join(said.and) });
  if (version > Number(field("version").value) && kept === changes && !busy) show("newer", { by: fill(said.newer, { name: by, time: at }) });
};

/* --- typing ------------------------------------------------------------------------------------- */
const count = () => {
  const line = mark.querySelector("[data-length]");
  const text = form.querySelector("textarea");
  if (line && text) line.textContent = fill(said.length, { n: [...text.value].length, limit: line.dataset.length });
};

const typed = () => {
  changes += 1;
  count();
  if (!busy) later(REST);
};

export const startAutosave = () => {
  if (!form) return;
  field("page").value = page;
  form.addEventListener("input", typed);
  for (const name of ["input", "pointermove", "keydown"]) addEventListener(name, () => { alive = Date.now(); }, { passive: true });
  document.addEventListener("visibilitychange", () => later(0));
  addEventListener("online", () => later(0));
  addEventListener("focus", comeBack);
  form.addEventListener("submit", () => { paused = true; });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) paused = false; });
  count();
  look();
  setInterval(look, LOOK);
};
