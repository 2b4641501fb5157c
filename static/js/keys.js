/* A passkey that was cancelled or refused says so on the page, not only in the console. */
document.addEventListener("allauth.error", (event) => {
  const note = document.getElementById("key-error");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
});
