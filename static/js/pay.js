// The button that pays names the way to pay that is chosen. Without this file it does where only one is offered.
function nameWay(radio) {
  const end = radio.form?.querySelector("[data-pay-ends]");
  if (end) end.textContent = ` ${radio.dataset.ends}`;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-ends]")) nameWay(event.target);
});
// Browsers keep the chosen way when a page is reloaded.
document.querySelectorAll("[data-ends]:checked").forEach(nameWay);
