// What the admin's look leaves out for people who use a keyboard or a screen reader.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("main")?.setAttribute("role", "main");
  const names = { dock_to_right: "Show or hide the menu" };
  for (const part of document.querySelectorAll("span[x-on\\:click], div[x-on\\:click]")) {
    const icon = part.textContent.trim();
    part.tabIndex = 0;
    part.setAttribute("role", "button");
    if (names[icon]) part.setAttribute("aria-label", names[icon]);
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      part.click();
    });
  }
});

// Scrolling parts are made while the page loads, and all of them under one name.
window.addEventListener("load", () => {
  document.querySelectorAll(".simplebar-content-wrapper").forEach((part, place) => {
    part.setAttribute("aria-label", part.closest("#nav-sidebar-apps") ? "Menu" : `Scrolling part ${place}`);
  });
});

// Keys of the queue and of a case: each is a link or button that stands on the page. In a list, J and K move along its rows.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (link) link.click();
  else if (document.querySelector(".desk-keys") && (key === "j" || key === "k")) {
    const rows = [...document.querySelectorAll("#result_list th a")];
    const next = rows.indexOf(document.activeElement) + (key === "j" ? 1 : -1);
    rows[Math.max(0, Math.min(next, rows.length - 1))]?.focus();
  }
});
