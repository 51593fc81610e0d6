// Checks what a QR code carries behind the # of its address (interfaces/qr_payload.py states the layout) with the keys
// in the page, so that it works without a connection. The browser never sends that part to the server.

const EPOCH = Date.UTC(1970, 0, 1);
const DAY = 86_400_000;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNATURE = 64;
const TEXTS_FROM = 21;
const LOCALES = { ar: "ar-TN", fr: "fr", en: "en-GB" };

function bytesOf(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

/** The facts of a payload; throws for anything that isn't one. */
function read(bytes) {
  if (bytes.length < TEXTS_FROM + SIGNATURE || bytes[0] !== 1) throw new Error("not a payload");
  const view = new DataView(bytes.buffer);
  let number = 0n;
  for (const byte of bytes.subarray(5, 15)) number = (number << 8n) | BigInt(byte);
  let serial = "";
  for (let index = 0; index < 16; index += 1, number >>= 5n) serial = ALPHABET[Number(number & 31n)] + serial;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts = decoder.decode(bytes.subarray(TEXTS_FROM, -SIGNATURE)).split("\n");
  if (texts.length !== 3) throw new Error("not a payload");
  const [code, latin, arabic] = texts;
  const [completed, issued, until] = [15, 17, 19].map((at) => view.getUint16(at));
  const key = [...bytes.subarray(1, 5)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { key, serial, code, latin, arabic, completed, issued, until };
}

async function isSigned(bytes, key, keys) {
  const parts = [bytes.subarray(-SIGNATURE), bytes.subarray(0, -SIGNATURE)];
  for (const jwk of keys) {
    if (!jwk.kid.startsWith(key)) continue;
    const imported = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    if (await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, imported, ...parts)) return true;
  }
  return false;
}

/** The keys in the page, or where there is a connection, those of the server. */
async function keysOf(box) {
  if (box.dataset.keys) return JSON.parse(box.dataset.keys);
  return (await (await fetch(box.dataset.keysFrom)).json()).keys;
}

/** The name of the finding to show, and the facts of a payload that is signed for this address. */
async function judge(box, fragment) {
  if (!fragment.startsWith("v1.")) return ["none"];
  if (!globalThis.crypto?.subtle) return ["unable"];
  let bytes;
  let facts;
  try {
    bytes = bytesOf(fragment.slice(3));
    facts = read(bytes);
  } catch {
    return ["forged"];
  }
  let keys;
  try {
    keys = await keysOf(box);
  } catch {
    return ["unable"];
  }
  if (!(await isSigned(bytes, facts.key, keys))) return ["forged"];
  const asked = decodeURIComponent(location.pathname).split("/").filter(Boolean).at(-1);
  return asked.replaceAll("-", "").toUpperCase() === facts.serial ? ["right", facts] : ["other"];
}

function show(box, facts) {
  const { lang } = document.documentElement;
  const format = new Intl.DateTimeFormat(LOCALES[lang] ?? lang, { dateStyle: "long", timeZone: "UTC" });
  const day = (days) => (days ? format.format(EPOCH + days * DAY) : "");
  const letters = (lang === "ar" && facts.arabic) || facts.latin || facts.arabic;
  const texts = {
    initials: [...letters].map((letter) => `${letter}.`).join(" "),
    course: facts.code,
    completed: day(facts.completed),
    issued: day(facts.issued),
    until: day(facts.until),
    serial: facts.serial.match(/.{4}/g).join("-"),
  };
  for (const place of box.querySelectorAll("[data-fact]")) {
    const text = texts[place.dataset.fact];
    place.textContent = text;
    place.closest("div").hidden = !text;
  }
  const ended = box.querySelector("[data-ended]");
  if (ended) ended.hidden = !facts.until || EPOCH + (facts.until + 1) * DAY > Date.now();
}

async function check(box) {
  const [finding, facts] = await judge(box, location.hash.slice(1));
  if (facts) show(box, facts);
  for (const section of box.querySelectorAll("[data-finding]")) {
    section.hidden = section.dataset.finding !== finding;
  }
}

for (const box of document.querySelectorAll("[data-code-check]")) {
  check(box);
  // Somebody scans the next code in the same tab.
  addEventListener("hashchange", () => { check(box); });
}

// From now on this part of the site answers without a connection too.
const { worker } = document.querySelector("[data-worker]")?.dataset ?? {};
if (worker && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(worker).catch(() => {});
}
