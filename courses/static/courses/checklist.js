// Keeps the answers of a 'my association' checklist in this tab: nothing is ever sent.
// sessionStorage and not localStorage, because the phone may be shared: closing the tab forgets everything. The key
// names the account (or nobody), so that what one person ticked isn't shown to the next, nor after signing out.
const list = document.querySelector("[data-checklist]");
const actions = document.querySelector("[data-checklist-actions]");

if (list) {
  const key = `checklist:${document.body.dataset.person ?? ""}:${list.dataset.checklist}`;
  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  };
  for (const [name, value] of Object.entries(read())) {
    const input = list.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
    if (input) input.checked = true;
  }
  list.addEventListener("change", (event) => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ ...read(), [event.target.name]: event.target.value }));
    } catch {
      // Without storage the answers live as long as the page.
    }
  });
  actions.hidden = false;
  actions.querySelector("[data-print]").addEventListener("click", () => window.print());
  actions.querySelector("[data-clear]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    for (const input of list.querySelectorAll("input:checked")) input.checked = false;
    list.querySelector("input")?.focus();
  });
}
