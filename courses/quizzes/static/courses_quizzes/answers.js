// Saves answers as they are given and says truthfully what the server holds. What isn't receipted yet stays in memory
// and in this tab's storage, under its account and attempt, and is sent again; without this script the form saves.

const form = document.querySelector("form[data-answers]");
if (form) keepAnswers(form);

function keepAnswers(form) {
  const { url, store, question } = form.dataset;
  const status = document.querySelector("[data-save-status]");
  // Signing in again in another tab changes the token, and the form's own grows old.
  const token = () => document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const state = restore();
  let timer = 0;
  let delay = 0; // before the next try, in milliseconds
  let sending = null;
  let cut = false; // whether the last try failed for lack of a connection
  let insisted = false;
  let leaving = false;

  function restore() {
    const fresh = { device: crypto.randomUUID?.() ?? `device-${Date.now()}-${Math.random().toString(36).slice(2)}`, sequence: 0, queue: {} };
    try {
      const kept = { ...fresh, ...JSON.parse(sessionStorage.getItem(store)) };
      kept.sequence = Math.max(kept.sequence, Number(form.dataset.sequence));
      return kept;
    } catch {
      return { ...fresh, sequence: Number(form.dataset.sequence) };
    }
  }

  function persist() {
    try {
      sessionStorage.setItem(store, JSON.stringify(state));
    } catch { /* no storage: memory alone keeps the answers of this page */ }
  }

  function show(name, text = status.dataset[name]) {
    status.dataset.state = name;
    if (status.textContent !== text) status.textContent = text;
  }

  const waiting = () => Object.entries(state.queue).sort(([, a], [, b]) => a.sequence - b.sequence);

  function fields() {
    return [...form.elements].filter((field) => field.name === "answer");
  }

  function value() {
    const all = fields();
    if (all[0].type === "checkbox") return all.filter((field) => field.checked).map((field) => field.value);
    if (all[0].type === "radio") return all.find((field) => field.checked)?.value ?? null;
    return all[0].value;
  }

  function fill(kept) {
    for (const field of fields()) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = [kept].flat().includes(field.value);
      else field.value = kept ?? "";
    }
  }

  function changed(event) {
    if (event.target.name !== "answer") return;
    state.sequence += 1;
    state.queue[question] = { sequence: state.sequence, value: value() };
    persist();
    show("saving");
    clearTimeout(timer);
    timer = setTimeout(flush, event.type === "change" ? 0 : 600);
  }

  /** Send what is waiting; resolves to whether nothing is left. */
  function flush() {
    clearTimeout(timer);
    sending ??= drain().finally(() => { sending = null; });
    return sending;
  }

  async function drain() {
    let receipt = null;
    for (let next = waiting()[0]; next; next = waiting()[0]) {
      const [key, entry] = next;
      if (status.dataset.state !== "waiting") show("saving");
      const reply = await send(key, entry);
      cut = Boolean(reply.cut);
      if (reply.retry) {
        show("waiting");
        delay = Math.min(delay ? delay * 2 : 2000, 30000);
        timer = setTimeout(flush, delay);
        return false;
      }
      delay = 0;
      if (reply.error === "signed_out") {
        show("signedOut");
        status.dataset.state = "failed";
        timer = setTimeout(flush, 15000);
        return false;
      }
      if (reply.error === "sequence_taken") {
        state.sequence = Math.max(state.sequence, reply.max_sequence) + 1;
        entry.sequence = state.sequence;
        persist();
        continue;
      }
      // A newer answer may have been given while this one was on its way.
      if (state.queue[key]?.sequence === entry.sequence) delete state.queue[key];
      if (reply.max_sequence) state.sequence = Math.max(state.sequence, reply.max_sequence);
      persist();
      if (!reply.saved) {
        if (waiting().length) continue;
        show("failed", `${status.dataset.failed} ${reply.message ?? ""}`.trim());
        return false;
      }
      receipt = reply;
    }
    if (receipt) {
      if (receipt.current) show("saved", status.dataset.saved.replace("{time}", receipt.clock));
      else show("overtaken");
      if (!receipt.current) status.dataset.state = "failed";
    }
    form.dispatchEvent(new CustomEvent("site:saved", { bubbles: true }));
    return true;
  }

  async function send(key, entry) {
    try {
      const response = await fetch(url, {
        method: "POST",
        keepalive: true,
        signal: AbortSignal.timeout?.(15000),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ question: key, device: state.device, sequence: entry.sequence, value: entry.value }),
      });
      if (response.status >= 500) return { retry: true };
      // A page instead of a receipt: signed out, or another account's turn on this device. The answer is kept.
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { error: "signed_out" };
      return await response.json();
    } catch {
      return { retry: true, cut: true };
    }
  }

  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => {
    if (event.target.type !== "radio" && event.target.type !== "checkbox") changed(event);
  });
  form.addEventListener("submit", async (event) => {
    if (leaving || (!waiting().length && navigator.onLine)) return;
    event.preventDefault();
    const { submitter } = event;
    const sent = navigator.onLine && await flush();
    // Without a connection the browser would put its own error page in the place of the answers: stay here.
    if (!navigator.onLine || (cut && waiting().length)) stay();
    // An answer that was refused is explained by the form's own page.
    else if (sent || !waiting().length) form.requestSubmit(submitter);
    // The server answers, but not as it should: pressing again tries the form itself (but never submits the quiz
    // over unsent answers).
    else if (insisted && question) leave(submitter);
    else insisted = true;
  });

  function stay() {
    show("offline");
    status.dataset.state = "waiting";
  }

  function leave(submitter) {
    leaving = true;
    form.requestSubmit(submitter);
    leaving = false;
  }

  addEventListener("online", () => {
    if (!waiting().length && status.textContent === status.dataset.offline) show("", "");
    flush();
  });
  addEventListener("focus", () => { if (waiting().length) flush(); });
  addEventListener("pagehide", () => { if (waiting().length) flush(); });

  if (question && question in state.queue) fill(state.queue[question].value);
  if (waiting().length) {
    flush().then((sent) => {
      // The summary was written before these answers arrived.
      if (sent && !question) location.reload();
    });
  }
}
