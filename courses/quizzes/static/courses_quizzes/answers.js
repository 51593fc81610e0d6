// Saves answers as they are given and says truthfully what the server holds. What isn't receipted yet is kept on this
// device, under its account and attempt (`unsent.js`), and sent again: by the page of a question and the summary for
// their attempt, by other pages with a status line for everything the person left here. Without this script the form
// saves.

const form = document.querySelector("form[data-answers]");
const status = document.querySelector("[data-save-status]");
const { person } = document.body.dataset;
const { attempt = null, url } = form?.dataset ?? {};
const asks = form?.hasAttribute("data-asks"); // a page of questions, not the summary
const asked = [...(form?.querySelectorAll("[data-question]") ?? [])];
const store = status && person ? await import(status.dataset.store) : null;

let timer = 0;
let delay = 0; // before the next try, in milliseconds
let sending = null;
let again = false;
let cut = false; // whether the last try failed for lack of a connection
let unsure = true; // whether something may be kept that isn't receipted
let changes = 0; // answers given on this page
let floor = Number(form?.dataset.sequence ?? 0);
let keeping = Promise.resolve();
const latest = new Map(); // the last answer of this page to each question, as it was kept

function show(name, text = status.dataset[name]) {
  status.hidden = false;
  status.dataset.state = name;
  if (status.textContent !== text) status.textContent = text;
}

function fail(text) {
  show("failed", text);
}

/** "Waiting: 3 answers kept on this device", in the plural form of the page's language. */
function showWaiting(count) {
  const forms = JSON.parse(status.dataset.waiting);
  const form = forms[new Intl.PluralRules(document.documentElement.lang).select(count)] ?? forms.other;
  show("waiting", form.replace("{n}", count));
}

/** Send what is kept; resolves to whether nothing is left to send. */
function flush() {
  clearTimeout(timer);
  again = true;
  sending ??= drain().finally(() => {
    sending = null;
    // Asked for while the last words of this round were written.
    if (again) flush();
  });
  return sending;
}

async function drain() {
  // What is refused is told by question: an answer that is saved after it takes the words back.
  const heard = { receipt: null, overtaken: false, refused: new Map() };
  const tried = new Set();
  let stopped = null;
  let seen = changes;
  while (again && !stopped) {
    again = false;
    seen = changes;
    await keeping;
    for (let [entry] = await store.kept(person, attempt); entry; [entry] = await store.kept(person, attempt)) {
      const name = `${entry.attempt} ${entry.question} ${entry.sequence}`;
      // The same one again: this device forgets nothing any more, and sending on and on would help nobody.
      stopped = tried.has(name) ? { retry: true } : await deliver(entry, heard);
      tried.add(name);
      if (stopped) break;
    }
  }
  unsure = Boolean(stopped) || changes > seen;
  cut = Boolean(stopped?.cut);
  await report(heard, stopped);
  return !stopped && !heard.refused.size;
}

/** Send one entry and note in `heard` what came of it; why sending has to stop, or null. */
async function deliver(entry, heard) {
  if (status.dataset.state !== "waiting") show("saving");
  const reply = await send(entry);
  if (reply.retry || reply.error === "signed_out") return reply;
  delay = 0;
  if (entry.attempt === attempt) floor = Math.max(floor, reply.max_sequence ?? 0);
  if (reply.error === "sequence_taken") {
    await store.renumber(entry, reply.max_sequence);
    return null;
  }
  await store.drop(entry, !reply.repeated);
  if (latest.get(entry.question)?.sequence === entry.sequence) latest.delete(entry.question);
  if (reply.saved) {
    heard.receipt = reply;
    document.dispatchEvent(new CustomEvent("quiz:receipt", { detail: reply }));
    heard.overtaken ||= !reply.current;
    heard.refused.delete(entry.question);
  } else {
    heard.refused.set(entry.question, reply.message ?? "");
  }
  return null;
}

async function report(heard, stopped) {
  if (stopped?.retry) {
    showWaiting((await store.kept(person, attempt)).length);
    delay = Math.min(delay ? delay * 2 : 2000, 30000);
    timer = setTimeout(flush, delay);
  } else if (stopped) {
    fail(status.dataset.signedOut);
    timer = setTimeout(flush, 15000);
  } else if (heard.refused.size) {
    fail([status.dataset.failed, ...new Set(heard.refused.values())].join(" ").trim());
  } else if (heard.overtaken) {
    fail(status.dataset.overtaken);
  } else if (heard.receipt) {
    show("saved", status.dataset.saved.replace("{time}", heard.receipt.clock));
  }
  if (!stopped) saved();
}

/** Nothing would be lost by leaving the page. */
function saved() {
  form?.dispatchEvent(new CustomEvent("site:saved", { bubbles: true }));
}

async function send(entry) {
  // Signing in again in another tab changes the token, and the page's own grows old.
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const { question, device, sequence, value, since } = entry;
  // How long it waited for a connection, by this device's clock: a timed quiz gives back what the server saw of it.
  const waited = Math.max(0, Math.round(Date.now() - since)) || 0;
  try {
    const response = await fetch(entry.url, {
      method: "POST",
      keepalive: true,
      signal: AbortSignal.timeout?.(15000),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token ?? "" },
      body: JSON.stringify({ question, device, sequence, value, waited }),
    });
    if (response.status >= 500) return { retry: true };
    // A page instead of a receipt: signed out, or another account's turn on this device. The answer is kept.
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return { error: "signed_out" };
    return await response.json();
  } catch {
    return { retry: true, cut: true };
  }
}

// --- the form of a question, and of the summary -----------------------------------------------------------------

function fields(section) {
  return [...form.elements].filter((field) => field.name === section.dataset.field && section.contains(field));
}

function value(section) {
  const all = fields(section);
  if (section.querySelector("[data-gaps]")) return all.map((field) => field.value || null);
  if (all[0].type === "checkbox") return all.filter((field) => field.checked).map((field) => field.value);
  if (all[0].type === "radio") return all.find((field) => field.checked)?.value ?? null;
  // A select for each line; its value is the line's id and what was chosen for it.
  if (all[0].type === "select-one") return Object.fromEntries(all.map((field) => field.value.split(" ")).filter((pair) => pair.length === 2));
  return all[0].value;
}

function fill(section, answer) {
  const gaps = section.querySelector("[data-gaps]");
  fields(section).forEach((field, at) => {
    if (gaps) field.value = answer?.[at] ?? "";
    else if (field.type === "checkbox" || field.type === "radio") field.checked = [answer].flat().includes(field.value);
    else if (field.type === "select-one") {
      const chosen = Object.entries(answer ?? {}).map((pair) => pair.join(" "));
      field.value = [...field.options].find((option) => chosen.includes(option.value))?.value ?? "";
    } else field.value = answer ?? "";
  });
}

function keepAnswers() {
  const given = new Map(); // the last answer of this page to each question
  let insisted = false;
  let leaving = false;

  function changed(event) {
    const section = event.target.closest("[data-question]");
    if (!section || event.target.name !== section.dataset.field) return;
    const { question } = section.dataset;
    const answer = value(section);
    const isNew = JSON.stringify(answer) !== given.get(question);
    given.set(question, JSON.stringify(answer));
    if (isNew) {
      unsure = true;
      changes += 1;
      show("saving");
      keeping = keeping.then(async () => {
        const entry = await store.keep(person, attempt, question, { url, value: answer }, floor);
        latest.set(question, entry);
        floor = Math.max(floor, entry.sequence);
        if (store.lasting()) saved();
      });
    }
    if (!unsure) return;
    clearTimeout(timer);
    timer = setTimeout(flush, event.type === "change" ? 0 : 600);
  }

  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => {
    if (!["radio", "checkbox", "select-one"].includes(event.target.type)) changed(event);
  });
  form.addEventListener("submit", async (event) => {
    if (leaving || (!unsure && navigator.onLine)) return;
    event.preventDefault();
    const { submitter } = event;
    const sent = navigator.onLine && await flush();
    // Without a connection the browser would put its own error page in the place of the answers: stay here.
    if (!navigator.onLine || (cut && unsure)) stay();
    // An answer that was refused is explained by the form's own page. The summary has said so: submitting what counts
    // now is for the learner to choose, by pressing again.
    else if (sent || (!unsure && asks)) form.requestSubmit(submitter);
    // The server answers, but not as it should: pressing again tries the form itself (but never submits the quiz
    // over unsent answers).
    else if (insisted && asks) leave(submitter);
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
    if (!unsure && status.textContent === status.dataset.offline) show("", "");
  });
  // The storage may not answer any more while a page goes: what is on the tip of the tongue is sent from memory.
  addEventListener("pagehide", () => { if (unsure) latest.forEach((entry) => send(entry)); });
}

async function start() {
  const found = await store.kept(person, attempt);
  for (const section of changes ? [] : asked) {
    const own = found.find((entry) => entry.question === section.dataset.question);
    if (own) fill(section, own.value);
  }
  if (!found.length) {
    unsure &&= changes > 0;
    return;
  }
  // The summary was written before these answers arrived.
  if (await flush() && form && !asks) location.reload();
}

if (store) {
  if (form) keepAnswers();
  // From here on answers are noticed.
  status.dataset.ready = "";
  addEventListener("online", flush);
  addEventListener("focus", () => { if (unsure) flush(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && unsure) flush(); });
  start();
}
