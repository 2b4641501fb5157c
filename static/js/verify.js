/* Compares a file with a fingerprint, in the browser: the file is never sent. */
const fingerprint = async (file) => {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const tell = (box, result, text) => {
  for (const note of box.querySelectorAll("[data-result]")) {
    note.hidden = note.dataset.result !== result;
    if (!note.hidden) note.lastElementChild.textContent = text;
  }
  box.querySelector("[data-told]").textContent = text;
};

const compare = async (box, file) => {
  if (!file) return;
  if (!globalThis.crypto?.subtle) {
    tell(box, "other", box.dataset.unable);
    return;
  }
  const found = await fingerprint(file);
  if (box.dataset.find) location.assign(`${box.dataset.find}?sha256=${found}`);
  else if (found === box.dataset.verify) tell(box, "same", `${file.name}: ${box.dataset.same}`);
  else tell(box, "other", `${file.name}: ${box.dataset.other}`);
};

export const startVerifying = () => {
  for (const box of document.querySelectorAll("[data-verify]")) {
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => compare(box, input.files[0]));
    const drop = box.querySelector(".verify-drop");
    for (const kind of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", kind === "dragover");
        if (kind === "drop") compare(box, event.dataTransfer.files[0]);
      });
    }
  }
};
