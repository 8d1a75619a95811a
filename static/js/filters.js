// What htmx leaves open when it updates a list in place: where the focus goes when the focused thing
// is gone, what is typed while an answer comes in, and what to do when none comes. The attributes in
// templates/catalog/ say when htmx asks and what it replaces.

const form = document.getElementById("filters");
const panel = form?.querySelector(".filter-panel");
const results = document.getElementById("results");

// The parts of the form that no answer replaces, since they may be in use.
const KEPT = ["q", "sort"];

let before = {}; // what had the focus when the answer came in
let isSwapping = false;
let shown = null; // what was asked for by the form to get what the list shows

const isOurs = ({ detail }) => detail.target === results;
const headingOfResults = () => document.getElementById("results-heading");
const asText = (formData) => new URLSearchParams(formData).toString();

// Addresses stay short: what is blank is not asked for, nor is a name that is still being written.
function configRequest({ detail: { elt, formData, triggeringEvent } }) {
  if (elt !== form) return;
  const isSent = triggeringEvent?.type === "submit";
  const boxes = isSent ? [] : [...form.querySelectorAll("[data-suggest-kind]")];
  const isWritten = ([name, value]) => boxes.some((b) => b.name === name && b.value === value);
  const given = [...formData].filter((pair) => pair[1] !== "" && !isWritten(pair));
  for (const name of [...formData.keys()]) formData.delete(name);
  for (const [name, value] of given) formData.append(name, value);
}

function beforeRequest(event) {
  if (!isOurs(event)) return;
  const { elt, formData, triggeringEvent } = event.detail.requestConfig;
  // A box tells of a change once more when it is left, long after what was typed was asked for.
  if (elt === form && triggeringEvent?.type !== "submit" && asText(formData) === shown) {
    event.preventDefault();
    return;
  }
  results.setAttribute("aria-busy", "true");
}

function afterRequest(event) {
  if (isOurs(event)) results.removeAttribute("aria-busy");
}

function beforeSwap({ target, detail }) {
  if (target !== results || !detail.shouldSwap) return;
  isSwapping = true;
  const focused = document.activeElement;
  before = {
    focused,
    facet: focused.closest(".facet")?.id,
    isInside: form.contains(focused) || results.contains(focused),
    text: focused.matches("input[type=text]") ? focused.value : "",
  };
}

function afterSwap({ target, detail }) {
  if (target !== results) return;
  isSwapping = false;
  const { elt, formData, triggeringEvent } = detail.requestConfig;
  const isOfForm = elt === form;
  shown = isOfForm ? asText(formData) : null;
  if (!isOfForm) followAddress();
  keepText(formData);
  forgetMended();
  if (results.querySelector("[data-field]")) panel.open = true;
  else if (isOfForm && triggeringEvent?.submitter?.matches(":focus") && panel.open) {
    // On a small screen the list is below the panel, and asked for by its button.
    panel.open = false;
    headingOfResults().focus();
    return;
  }
  keepFocus();
  if (elt.closest(".pagination")) results.scrollIntoView({ behavior: "instant" });
}

// A box that is taken out of the page half written tells of a change. Nobody has made it.
function onChange(event) {
  if (isSwapping) event.stopPropagation();
}

// A chip takes away what stands in the parts that are kept too.
function followAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of KEPT) form.elements[name].value = asked.get(name) ?? "";
}

// They say what was wrong with them until it is mended.
function forgetMended() {
  for (const name of KEPT) {
    if (results.querySelector(`[data-field="${name}"]`)) continue;
    form.elements[name].removeAttribute("aria-invalid");
    document.getElementById(`errors-${name}`)?.remove();
  }
}

// What was typed since the request was sent stays in the box, which htmx has put in anew.
function keepText(formData) {
  const box = document.activeElement;
  if (!before.text || box === before.focused || box.id !== before.focused.id) return;
  if (!formData.getAll(box.name).includes(before.text)) box.value = before.text;
}

// htmx finds what has the same id. A chip, a page or a name that was taken away is not there.
function keepFocus() {
  if (!before.isInside || document.activeElement !== document.body) return;
  const facet = before.facet && document.getElementById(before.facet);
  const neighbour = facet?.querySelector("input:enabled, select:enabled");
  (neighbour ?? headingOfResults()).focus({ preventScroll: true });
}

// The browser then shows the page, the server's own words about a mistake, or that it is offline.
function navigate(event) {
  if (isOurs(event)) location.assign(event.detail.pathInfo.finalRequestPath);
}

// On a slow line a box may be ticked before any of this has arrived.
function catchUp() {
  const isTicked = (box) => box.type === "checkbox" && box.checked !== box.defaultChecked;
  if ([...form.elements].some(isTicked)) window.htmx.trigger(form, "change");
}

if (form && results && window.htmx) {
  form.classList.add("is-live");
  form.addEventListener("change", onChange, { capture: true });
  document.addEventListener("htmx:configRequest", configRequest);
  document.addEventListener("htmx:beforeRequest", beforeRequest);
  document.addEventListener("htmx:afterRequest", afterRequest);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("htmx:sendError", navigate);
  document.addEventListener("htmx:responseError", navigate);
  document.addEventListener("htmx:swapError", navigate);
  addEventListener("load", catchUp);
}

// A panel that is taller than the window must scroll with the page to be seen as a whole.
if (form) {
  const measure = () => form.classList.toggle("is-short", form.offsetHeight < innerHeight - 48);
  new ResizeObserver(measure).observe(form);
  addEventListener("resize", measure);
}
