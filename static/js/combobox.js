// Suggestions below a text box, after the "editable combobox with list autocomplete" of the ARIA
// Authoring Practices. Any <input data-suggest="ADDRESS"> inside a .combobox gets them, whenever it
// came into the page. Without data-suggest-kind a suggestion is followed like a link; with it, its
// slug goes into the form, which is then submitted, and each suggestion says how many results the
// form would have with it. Where a request fails, the box is a text box.

const PAUSE = 120; // milliseconds without a key before the server is asked

const comboboxes = new WeakMap();
const message = make("p", { class: "visually-hidden", role: "status" });
let numberOfLists = 0;

function make(tag, attributes, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content); // strings become text, never markup
  return element;
}

class Combobox {
  constructor(box) {
    this.box = box;
    this.suggestions = [];
    this.active = -1; // the option under the arrow keys; -1 is the text itself
    const id = `suggestions-${++numberOfLists}`;
    this.list = make("ul", {
      class: "combobox__list",
      id,
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: "",
    });
    box.after(this.list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", id);
    box.autocomplete = "off"; // the browser's own list would lie on top of this one

    box.addEventListener("input", () => this.ask(PAUSE));
    // A name half written is no choice: only Enter, or a suggestion, makes one.
    if (this.kind) box.addEventListener("change", (event) => event.stopPropagation());
    box.addEventListener("keydown", (event) => this.onKey(event));
    box.addEventListener("blur", () => this.close());
    // Without this, a press on an option would take the focus out of the box.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const index = [...this.list.children].indexOf(target.closest("[role=option]"));
      if (index >= 0) this.choose(this.suggestions[index]);
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get kind() {
    return this.box.dataset.suggestKind;
  }

  ask(pause) {
    this.forget();
    if (this.box.value.trim()) this.timer = setTimeout(() => this.fetch(), pause);
    else this.close();
  }

  // Whatever was asked before is not wanted any more.
  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  async fetch() {
    const { signal } = (this.request = new AbortController());
    const address = new URL(this.box.dataset.suggest, location.href);
    address.searchParams.set("q", this.box.value.trim());
    if (this.kind) {
      address.searchParams.set("kind", this.kind);
      address.searchParams.set("within", this.addressOfForm());
    }
    let suggestions = [];
    try {
      const response = await fetch(address, { signal });
      if (response.ok) ({ suggestions } = await response.json());
    } catch {
      // Given up, or out of reach: there is nothing to suggest.
    }
    if (!signal.aborted && document.activeElement === this.box) this.show(suggestions);
  }

  // Where the form leads as it stands, without what is being typed.
  addressOfForm() {
    const { box } = this;
    const given = [...new FormData(box.form)].filter(
      ([name, value]) => value && !(name === box.name && value === box.value),
    );
    return `${new URL(box.form.action).pathname}?${new URLSearchParams(given)}`;
  }

  show(suggestions) {
    this.suggestions = suggestions;
    this.activate(-1);
    this.list.replaceChildren(...suggestions.map((suggestion, i) => this.option(suggestion, i)));
    this.list.hidden = suggestions.length === 0;
    this.list.scrollTop = 0;
    this.box.setAttribute("aria-expanded", this.isOpen);
    message.textContent =
      suggestions.length === 1 ? "1 suggestion" : `${suggestions.length || "No"} suggestions`;
  }

  option({ name, label, context, count, is_empty }, index) {
    const option = make(
      "li",
      {
        class: "combobox__option",
        id: `${this.list.id}-${index}`,
        role: "option",
        "aria-selected": "false",
      },
      make("span", { class: "combobox__name" }, name),
    );
    // In a filter all are of one kind, which its label has said.
    const facts = [this.kind ? "" : label, context].filter(Boolean).join(" · ");
    // The blank keeps name and facts apart for those who hear them as one text.
    if (facts) option.append(" ", make("span", { class: "combobox__facts" }, facts));
    if (count) option.append(" ", make("span", { class: "combobox__count" }, count));
    if (is_empty) {
      option.setAttribute("aria-disabled", "true");
      option.append(make("span", { class: "visually-hidden" }, " (would leave nothing)"));
    }
    return option;
  }

  close() {
    this.forget();
    if (!this.isOpen) return;
    this.activate(-1);
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    message.textContent = "";
  }

  activate(index) {
    const options = this.list.children;
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    if (index < 0) {
      this.box.removeAttribute("aria-activedescendant");
      return;
    }
    options[index].setAttribute("aria-selected", "true");
    options[index].scrollIntoView({ block: "nearest", behavior: "instant" });
    this.box.setAttribute("aria-activedescendant", options[index].id);
  }

  // Round through the options and, between the last and the first, the text.
  move(step) {
    const places = this.suggestions.length + 1;
    this.activate(((this.active + 1 + step + places) % places) - 1);
  }

  onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (!this.isOpen) {
      if (event.key === "ArrowDown") this.ask(0);
      else if (event.key === "Enter") this.forget();
      return;
    }
    switch (event.key) {
      case "ArrowDown":
        this.move(1);
        break;
      case "ArrowUp":
        if (event.altKey) this.close();
        else this.move(-1);
        break;
      case "Enter":
        if (this.active < 0) {
          this.close();
          return;
        }
        this.choose(this.suggestions[this.active]);
        break;
      case "Escape":
        this.close();
        break;
      default:
        // Home, End and the like are for the text, and so is what is typed next.
        if (!["Shift", "Alt", "Tab"].includes(event.key)) this.activate(-1);
        return;
    }
    event.preventDefault();
  }

  choose({ name, slug, url, is_empty }) {
    if (is_empty) return;
    this.close();
    const { box } = this;
    if (!this.kind) {
      box.value = name;
      location.assign(url);
      return;
    }
    box.after(make("input", { type: "hidden", name: box.name, value: slug }));
    // What was typed is not asked for beside what was chosen. The answer brings a fresh box.
    box.value = "";
    box.removeAttribute("name");
    box.form.requestSubmit();
  }
}

function attach(box) {
  if (!comboboxes.has(box)) comboboxes.set(box, new Combobox(box));
}

function attachAll() {
  document.querySelectorAll("[data-suggest]").forEach(attach);
}

// A region that speaks must be there before it says something, and a box should be known for what
// it is before it has the focus.
document.body.append(message);
attachAll();
document.addEventListener("htmx:afterSwap", attachAll);
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-suggest]")) attach(target);
});
