// A <details data-menu> lies over the page, so it closes as menus do: by Escape, which puts the
// focus back on its button, and by whatever is clicked or focused beside it.

function openMenus() {
  return document.querySelectorAll("details[data-menu][open]");
}

function closeBeside({ target }) {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
}

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", closeBeside);
document.addEventListener("focusin", closeBeside);
