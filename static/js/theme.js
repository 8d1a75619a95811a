// The theme a visitor chose, before the first paint: a classic script at the top of the head, so
// that no page flashes in the other. Kept under the name and in the words that Django's admin
// uses, so an editor chooses once for both. Where storage is refused, a choice holds for the page.
(() => {
  const KEY = "theme";
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function show(theme) {
    root.dataset.theme = THEMES.includes(theme) ? theme : "auto";
    const choice = document.getElementById(`theme-${root.dataset.theme}`);
    if (choice) choice.checked = true;
  }

  show(stored());
  // The switch comes later than this, and a browser may fill it in as it was before a reload.
  document.addEventListener("DOMContentLoaded", () => show(root.dataset.theme));
  addEventListener("pageshow", () => show(stored() ?? root.dataset.theme));
  addEventListener("storage", ({ key }) => {
    if (key === KEY || key === null) show(stored());
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name !== "theme") return;
    show(target.value);
    try {
      localStorage.setItem(KEY, target.value);
    } catch {
      // It stays for this page.
    }
  });
})();
