// Passing words: "Key copied.", a shop that does not answer, and what a changed cart says to screen readers.
const region = document.getElementById("toasts");
const model = document.getElementById("toast");
const LONG_ENOUGH_TO_READ = 6000;

function toast(words) {
  const notice = model.content.firstElementChild.cloneNode(true);
  notice.querySelector("p").textContent = words;
  region.replaceChildren(notice);
  setTimeout(() => notice.remove(), LONG_ENOUGH_TO_READ);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast("Key copied.");
  } catch {
    toast("Your browser does not let us copy. Select the key and copy it yourself.");
  }
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    // The request after load is a courtesy: nobody asked for it, so nobody is told that it failed.
    if (event.detail.requestConfig.verb !== "get") toast("The shop did not answer. Nothing was changed. Please try again.");
    else if (event.detail.elt.href) location.assign(event.detail.elt.href);
  });
}

document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.detail.elt.querySelector?.("[data-say]");
  if (said) document.getElementById("said").textContent = said.dataset.say;
});
