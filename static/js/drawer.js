// The cart's drawer: htmx fills it, the dialog opens. Without this file the links and forms lead to the cart's page.
const drawer = document.getElementById("drawer");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "drawer-body" && !drawer.open) drawer.showModal();
});

// The veil belongs to the dialog, its content does not: a click on the dialog itself is a click beside the content.
drawer.addEventListener("click", (event) => {
  if (event.target === drawer) drawer.close();
});
