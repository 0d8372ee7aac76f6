// Steps of a quantity, and the least quantity of the edition that is chosen beside it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const before = input.value;
  if (button.dataset.step > 0) input.stepUp();
  else input.stepDown();
  if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
});

function followEdition(radio) {
  const input = radio.form?.elements.namedItem("quantity");
  if (!input) return;
  const wasLeast = input.value === input.min;
  input.min = radio.dataset.minimum;
  if (wasLeast || Number(input.value) < Number(input.min)) input.value = input.min;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-minimum]")) followEdition(event.target);
});
// Browsers keep the chosen edition when a page is reloaded.
document.querySelectorAll("[data-minimum]:checked").forEach(followEdition);
