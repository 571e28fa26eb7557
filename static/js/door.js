// Signed out meanwhile: the answer to htmx is the door, and it must not land inside the page. A page that only shows
// goes to the door, which leads back. A page with typed text stays, says so, and goes on once somebody signed in again,
// in another tab: signing in makes a new token against forged posts, so it is fetched.
import { icon } from "./icons.js";

const CONTROLS = "main :is(input:not([type=hidden]), textarea)";
const OFTEN = 30000; // ms; a refusal for another reason is not asked about again and again
let renewed = -OFTEN;

const isDoor = (address) => Boolean(address) && new URL(address, location.href).pathname.startsWith("/accounts/");
const holdsText = () =>
  document.querySelector("form[data-compose]") !== null ||
  [...document.querySelectorAll(CONTROLS)].some((control) => control.value !== control.defaultValue);
const who = (page) => page.querySelector(".person-name")?.textContent;

function sayTo(words, link) {
  const place = document.getElementById("messages");
  if (!place) return;
  const notice = document.createElement("div");
  notice.id = "signed-out";
  notice.className = "notice";
  notice.dataset.tone = "warn";
  const text = document.createElement("p");
  text.append(words);
  if (link) text.append(" ", Object.assign(document.createElement("a"), { href: "/accounts/login/", target: "_blank", textContent: link }));
  notice.append(icon("triangle-alert"), text);
  document.getElementById("signed-out")?.remove();
  place.append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function signedOut() {
  document.dispatchEvent(new Event("signed-out"));
  if (!document.getElementById("signed-out")) sayTo("You are signed out. What you typed is still here.", "Sign in in a new tab, then come back.");
}

/** Take the token of a fresh copy of this page, if the same person is signed in. */
async function renew() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || isDoor(answer.url)) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (who(page) !== who(document)) {
    sayTo("Somebody else is signed in here now, so nothing is saved. Copy what you need and load the page again.");
    return;
  }
  const headers = page.body.getAttribute("hx-headers");
  const token = headers && JSON.parse(headers)["X-CSRFToken"];
  if (!token) return;
  document.body.setAttribute("hx-headers", headers);
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
  document.getElementById("signed-out")?.remove();
  document.dispatchEvent(new Event("signed-in"));
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isDoor(event.detail.xhr.responseURL)) return;
  event.detail.shouldSwap = false;
  if (holdsText()) signedOut();
  else location.reload();
});
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.status !== 403 || performance.now() - renewed < OFTEN) return;
  renewed = performance.now();
  renew();
});
for (const kind of ["visibilitychange", "focus"]) {
  window.addEventListener(kind, () => { if (!document.hidden && document.getElementById("signed-out")) renew(); }, true);
}
