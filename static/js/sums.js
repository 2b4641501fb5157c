/* In a form with data-sums every field with data-of ("m0 sOWN cLABOUR y2027") is counted where data-sum names a part of
   that ("m0 y2027", or "all"); with data-from the sum is what is left of that many yuan. Fields hold 10,000 yuan. */
const CENTS = 1_000_000n; // in 10,000 yuan
const NUMBER = /^\+?(\d+|\d{1,3}(,\d{3})+)?(\.(\d*))?$/;

/* Cents of what was typed; what is not a number counts as nothing, the server says so when it is saved. */
const cents = (typed) => {
  const text = typed.normalize("NFKC").trim();
  const found = NUMBER.exec(text);
  if (!text || !found || (found[4] ?? "").length > 6) return 0n;
  return BigInt((found[1] ?? "0").replaceAll(",", "")) * CENTS + BigInt((found[4] ?? "").padEnd(6, "0"));
};

/* As the server shows it: two decimals, rounded half up, groups of three. */
const shown = (amount) => {
  const sign = amount < 0n ? "-" : "";
  const rounded = ((amount < 0n ? -amount : amount) + CENTS / 200n) / (CENTS / 100n);
  const [whole, rest] = [rounded / 100n, rounded % 100n];
  return `${sign}${String(whole).replace(/\B(?=(\d{3})+$)/g, ",")}.${String(rest).padStart(2, "0")}`;
};

export const startSums = () => {
  const form = document.querySelector("form[data-sums]");
  if (!form) return;
  const fields = [...form.querySelectorAll("[data-of]")].map((one) => ({ one, kinds: new Set(["all", ...one.dataset.of.split(" ")]) }));
  const sums = [...form.querySelectorAll("[data-sum]")].map((place) => {
    const wanted = place.dataset.sum.split(" ");
    return { place, of: fields.filter(({ kinds }) => wanted.every((kind) => kinds.has(kind))).map(({ one }) => one) };
  });
  const add = () => {
    for (const { place, of } of sums) {
      const sum = of.reduce((total, one) => total + cents(one.value), 0n);
      const left = place.dataset.from ? BigInt(place.dataset.from.replace(".", "")) - sum : sum;
      place.textContent = shown(left);
      if (place.dataset.from) place.toggleAttribute("data-open", left !== 0n);
    }
  };
  form.addEventListener("input", add);
  add();
};
