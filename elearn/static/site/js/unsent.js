// What a device keeps until the server has it: answers given while the connection was away. One box for each person
// and attempt holds the device's id, the last sequence given out and the unsent entries by question; the tabs of a
// browser share it. It outlives reload, crash and restart. Only pages of that person ask for the box, and an entry is
// wiped once it is receipted. No names are kept.

const PATIENCE = 10000; // a slow phone may take its time; only a storage that never answers is given up
const memory = new Map();
let opening = null;
let broken = false; // no IndexedDB, as in some private windows: this tab's storage, then its memory, does what it can

const nameOf = (person, attempt) => `unsent ${person} ${attempt}`;
const newId = () => crypto.randomUUID?.() ?? `device-${Date.now()}-${Math.random().toString(36).slice(2)}`;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("unsent", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("boxes", { keyPath: ["person", "attempt"] });
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("IndexedDB doesn't answer")), PATIENCE);
  });
  return opening;
}

/** What `act(boxes, done)` hands to `done`, once its transaction is on the disk. */
async function transact(mode, act) {
  const open = await database();
  return new Promise((resolve, reject) => {
    const transaction = open.transaction("boxes", mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore("boxes"), (found) => { result = found; });
  });
}

function ofTab(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? memory.get(name);
  } catch {
    return memory.get(name);
  }
}

function keepInTab(name, box) {
  memory.set(name, box);
  try {
    sessionStorage.setItem(name, JSON.stringify(box));
  } catch { /* memory alone keeps the answers of this page */ }
}

/** Change the box of a person and attempt; the result of `act(box)`. No other tab comes in between. */
async function change(person, attempt, act) {
  const fresh = { person, attempt, device: newId(), sequence: 0, entries: {} };
  if (!broken) {
    try {
      return await transact("readwrite", (boxes, done) => {
        const request = boxes.get([person, attempt]);
        request.onsuccess = () => {
          const box = request.result ?? fresh;
          done(act(box));
          boxes.put(box);
        };
      });
    } catch {
      broken = true;
    }
  }
  const name = nameOf(person, attempt);
  const box = ofTab(name) ?? fresh;
  const result = act(box);
  keepInTab(name, box);
  return result;
}

/** Whether what is kept outlives the tab. */
export const lasting = () => !broken;

/** Keep an answer and give it the next sequence, above `floor`. A newer answer replaces an unsent one. */
export function keep(person, attempt, question, { url, value }, floor = 0) {
  return change(person, attempt, (box) => {
    // Since when this attempt's answers wait: the oldest one still kept, whatever replaced it.
    const waiting = Object.values(box.entries).map((kept) => kept.since ?? Date.now());
    const since = Math.min(Date.now(), ...waiting);
    const entry = { person, attempt, question, url, value, device: box.device, sequence: above(box, floor), since };
    box.entries[question] = entry;
    return entry;
  });
}

function above(box, floor) {
  const given = Object.values(box.entries).map((entry) => entry.sequence);
  box.sequence = Math.max(box.sequence, floor, ...given) + 1;
  return box.sequence;
}

const standsIn = (box, entry) => box.entries[entry.question]?.sequence === entry.sequence;

/** Wipe an entry, unless a newer answer took its place meanwhile. `arrived`: the server took it now, so that what is
 * left waits anew; what it had taken before, its receipt being lost, says nothing of the connection since then. */
export function drop(entry, arrived = true) {
  return change(entry.person, entry.attempt, (box) => {
    if (standsIn(box, entry)) delete box.entries[entry.question];
    if (arrived) for (const left of Object.values(box.entries)) left.since = Date.now();
  });
}

/** Give an entry another sequence, above `floor`: its own was used for another answer. */
export function renumber(entry, floor) {
  return change(entry.person, entry.attempt, (box) => {
    if (standsIn(box, entry)) box.entries[entry.question].sequence = above(box, floor);
  });
}

/** The unsent entries of a person, oldest first; of one attempt where it is named. */
export async function kept(person, attempt = null) {
  let boxes = [];
  if (!broken) {
    try {
      boxes = await transact("readonly", (all, done) => {
        const request = all.getAll(IDBKeyRange.bound([person], [person, []]));
        request.onsuccess = () => done(request.result);
      });
    } catch {
      broken = true;
    }
  }
  const names = [...memory.keys()];
  try {
    names.push(...Object.keys(sessionStorage));
  } catch { /* no storage */ }
  boxes.push(...[...new Set(names)].filter((name) => name.startsWith(nameOf(person, ""))).map(ofTab));
  return boxes
    .flatMap((box) => Object.values(box.entries))
    .filter((entry) => attempt === null || entry.attempt === attempt)
    .sort((a, b) => a.sequence - b.sequence);
}
