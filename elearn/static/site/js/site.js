// Niceties of every page. Each of them may fail or be absent without losing anything.

/** Close the open menus of the header, except `keep`, and give the focus back to the one that held it. */
function closeMenus(keep = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === keep) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
});
document.addEventListener("click", (event) => {
  closeMenus(event.target.closest?.("details.menu"));
});

// <form data-once>: the second press of an impatient finger is ignored. The button is not disabled before the form has
// been read, because a disabled button would take its own name and value out of the sending.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  delete form.dataset.changed;
  if (!("once" in form.dataset)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
// A page that comes back from the history must be usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// <form data-unsaved>: ask before leaving with changes that were not sent. A module that saves by itself
// dispatches `site:saved` on the form when nothing is left to send.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "unsaved" in form.dataset) form.dataset.changed = "yes";
});
document.addEventListener("site:saved", (event) => {
  delete event.target.dataset.changed;
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved][data-changed]")) event.preventDefault();
});

// <form data-sign-out="question" data-store="address of unsent.js">: ask first while this device keeps answers of the
// person that the server doesn't have. Those on their way get a moment to arrive.
async function mayLeave(form) {
  try {
    const { kept } = await import(form.dataset.store);
    for (let tries = 0; ; tries += 1) {
      if (!(await kept(document.body.dataset.person)).length) return true;
      if (tries >= 5 || !navigator.onLine) return confirm(form.dataset.signOut);
      await new Promise((resolve) => { setTimeout(resolve, 300); });
    }
  } catch {
    return true;
  }
}
document.addEventListener("submit", async (event) => {
  const guarded = document.querySelector("form[data-sign-out]");
  const form = event.target;
  if (event.defaultPrevented || !guarded || form.action !== guarded.action) return;
  event.preventDefault();
  // Not by an event of its own: this would ask again.
  if (await mayLeave(guarded)) HTMLFormElement.prototype.submit.call(form);
});

// The summary of errors is read first.
document.querySelector("[data-focus]")?.focus();
// <button data-print hidden>: shown only where it works.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// On a shared phone a tab outlives its person: when another account signs in, what the tab kept is forgotten, except
// answers that were never sent. They wait under their own account, and no page of another asks for them.
try {
  const { person } = document.body.dataset;
  if (person) {
    const last = sessionStorage.getItem("person");
    if (last && last !== person) {
      for (const name of Object.keys(sessionStorage)) if (!name.startsWith("unsent ")) sessionStorage.removeItem(name);
    }
    sessionStorage.setItem("person", person);
  }
} catch {
  // Without storage there is nothing to forget.
}
