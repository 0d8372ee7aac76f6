// On a phone the account's menu is a strip: it is moved to the page that is open. Without this file it shows its beginning.
const here = document.querySelector(".menu [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
