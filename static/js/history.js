// The list of deployments: how many are chosen to compare, and a menu of states that closes by itself.
const words = ["Choose two to compare", "Choose one more to compare", "2 chosen"];

document.addEventListener("change", (event) => {
  if (event.target.name !== "pick") return;
  const form = event.target.form;
  const chosen = form.querySelectorAll("[name=pick]:checked").length;
  const said = form.querySelector("[data-chosen]");
  if (said) said.textContent = words[chosen] ?? `${chosen} chosen, two can be compared`;
});

const menus = () => document.querySelectorAll(".filter-menu[open]");
document.addEventListener("click", (event) => {
  menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
