// Counts down the time of a quiz. What is left comes from the server, with the page and with each receipt, and runs by
// the page's own clock: setting the device's clock moves nothing. Speaks at five minutes, at one, and at the end.

const line = document.querySelector("[data-time-left]");
const count = line.querySelector("[data-count]");
const digits = line.querySelector("[data-digits]");
const spoken = line.querySelector("[data-spoken]");
const words = [[0, line.dataset.over], [60, line.dataset.one], [300, line.dataset.five]];

let end = performance.now() + Number(line.dataset.seconds) * 1000;
let before = Number(line.dataset.seconds);

function left() {
  return Math.max(0, Math.ceil((end - performance.now()) / 1000));
}

function written(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return (hours ? [hours, two(minutes % 60)] : [minutes]).concat(two(seconds % 60)).join(":");
}

function tick() {
  const seconds = left();
  digits.textContent = written(seconds);
  const passed = words.find(([mark]) => before > mark && seconds <= mark);
  if (passed) [, spoken.textContent] = passed;
  before = seconds;
}

document.addEventListener("quiz:receipt", ({ detail }) => {
  if (detail.seconds_left === undefined) return;
  end = performance.now() + detail.seconds_left * 1000;
  // Time that was given back is announced again when it has passed.
  before = Math.max(before, left());
  tick();
});
count.hidden = false;
tick();
setInterval(tick, 1000);
