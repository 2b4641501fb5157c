/* Whoever was signed out meanwhile gets the sign-in page as a page, never inside a fragment. */
export const startSession = () => {
  const { login } = document.getElementById("words").dataset;
  document.addEventListener("htmx:after:request", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (!login || !answer.redirected || new URL(answer.url).pathname !== login) return;
    event.preventDefault();
    location.reload();
  });
};
