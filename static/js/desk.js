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
