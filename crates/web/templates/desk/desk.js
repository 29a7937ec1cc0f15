// What a page does more where scripts run: clocks go on, and what changes is told. Nothing moves under
// a hand, no form is replaced, and everything works without this file.
"use strict";
(() => {
  const body = document.body;
  const words = body.dataset;
  if (!words.left) return;
  // The node's clock, and not this machine's.
  const skew = Date.parse(words.now) - Date.now();
  const now = () => Date.now() + skew;
  const put = (text, ...with_) => with_.reduce((all, one) => all.replace("{}", one), text);

  const length = (seconds) => {
    const s = Math.abs(Math.trunc(seconds));
    if (s < 60) return put(words.seconds, s);
    if (s < 3600) return put(words.minutes, Math.trunc(s / 60), s % 60);
    if (s < 86400) return put(words.hours, Math.trunc(s / 3600), Math.trunc((s % 3600) / 60));
    return put(words.days, Math.trunc(s / 86400), Math.trunc((s % 86400) / 3600));
  };

  // Said once each, one a situation: politely, or at once.
  const status = document.getElementById("said-politely");
  const alert = document.getElementById("said-at-once");
  const said = new Set();
  const say = (where, key, text) => {
    if (!where || said.has(key)) return;
    said.add(key);
    where.textContent = text;
  };

  const states = ["running", "soon", "overdue"];
  const stateOf = (left) => (left < 0 ? "overdue" : left <= 900 ? "soon" : "running");

  const tick = (clock, bars, first) => {
    const due = Date.parse(clock.dataset.due);
    const left = (due - now()) / 1000;
    const state = stateOf(left);
    const label = clock.querySelector(".left");
    label.textContent = put(left < 0 ? words.overdue : words.left, length(left));
    const row = clock.closest("tr");
    const was = states.find((one) => clock.classList.contains(one));
    if (was !== state) {
      clock.classList.replace(was, state);
      if (row && states.some((one) => row.classList.contains(one))) {
        states.forEach((one) => row.classList.toggle(one, one === state));
      }
    }
    const name = (row || document).querySelector("[data-name], h1");
    const about = name ? name.dataset.name || name.textContent.trim() : "";
    const key = clock.dataset.due + about;
    if (first) {
      // What is so already stands on the page.
      for (const [limit, what] of [[0, "o"], [300, "5"], [900, "15"]]) if (left <= limit) said.add(what + key);
    } else if (left < 0) say(alert, "o" + key, `${about}: ${label.textContent}`);
    else if (left <= 300) say(status, "5" + key, `${about}: ${label.textContent}`);
    else if (left <= 900) say(status, "15" + key, `${about}: ${label.textContent}`);
    if (!bars) return;
    const bar = clock.querySelector(".fill");
    const whole = (due - Date.parse(clock.dataset.since)) / 1000;
    if (bar && left < 0) bar.setAttribute("width", "100");
    else if (bar && whole > 0) bar.setAttribute("width", Math.max(0, Math.min(100, (left * 100) / whole)));
  };

  let beats = 0;
  const all = (first) => {
    const bars = beats++ % 10 === 0;
    document.querySelectorAll(".clock[data-due]").forEach((clock) => tick(clock, bars, first));
    const time = document.querySelector(".utc time");
    if (time) time.textContent = new Date(now()).toISOString().slice(0, 19).replace("T", " ") + "Z";
  };

  // Deadlines in the reader's own zone, beside those in UTC.
  const zoned = (root) =>
    root.querySelectorAll(".clock .by time").forEach((time) => {
      const at = new Date(time.getAttribute("datetime"));
      const here = at.toLocaleTimeString(words.lang, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
      const more = document.createElement("span");
      more.textContent = ` · ${here}`;
      time.after(more);
    });

  // What is typed is kept as it is written, a moment after the last letter and when the page is left.
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const about = form.querySelector("[data-kept]");
    let timer = 0;
    let changed = false;
    let sent = false;
    const typed = () => {
      const fields = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") fields.append(name, value);
      }
      form.querySelectorAll("input[type=password]").forEach((one) => fields.delete(one.name));
      fields.append("form", form.getAttribute("action"));
      return fields;
    };
    const keep = () => {
      if (!changed || sent) return;
      changed = false;
      const request = new XMLHttpRequest();
      request.open("POST", "/desk/unsent");
      request.addEventListener("load", () => {
        if (request.status !== 200 || !about) return;
        const lines = request.responseText.split("\n");
        about.replaceChildren(...lines.map((line) => {
          const said = document.createElement("p");
          said.textContent = line;
          return said;
        }));
        about.hidden = false;
        lines.slice(1).forEach((line) => say(status, "w" + line.split(" ")[0], line));
      });
      request.send(typed());
    };
    form.addEventListener("input", () => {
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 1500);
    });
    form.addEventListener("submit", () => {
      sent = true;
    });
    window.addEventListener("pagehide", () => {
      if (changed && !sent) navigator.sendBeacon("/desk/unsent", typed());
    });
  });

  zoned(document);
  all(true);
  setInterval(() => all(false), 1000);

  // What changes.
  const live = document.getElementById("live");
  if (!live || !window.EventSource) return;
  let heard = Date.now();
  const tell = (alive) => {
    live.classList.toggle("dead", !alive);
    const at = new Date(heard + skew).toISOString().slice(11, 19) + "Z";
    live.textContent = put(alive ? words.live : words.dead, at);
  };
  const asked = words.after ? `?after=${words.after}` : "";
  const events = new EventSource("/desk/events" + asked);
  const wake = () => {
    heard = Date.now();
    tell(true);
  };
  events.addEventListener("open", wake);
  events.addEventListener("here", wake);
  setInterval(() => Date.now() - heard > 15000 && tell(false), 1000);

  const queue = document.getElementById("rows");
  const waiting = document.getElementById("waiting");
  let fresh = null;
  let reading = false;
  let again = false;

  // The queue as it is now, read as a page: no text is made into one here.
  const read = () => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    const request = new XMLHttpRequest();
    request.open("GET", "/desk/");
    request.responseType = "document";
    request.addEventListener("loadend", () => {
      reading = false;
      const page = request.status === 200 && request.response;
      if (page && page.getElementById("rows")) merge(page);
      else if (request.status === 401 || (page && !page.getElementById("live"))) tell(false);
      if (again) {
        again = false;
        read();
      }
    });
    request.send();
  };

  const rowsOf = (root) => [...root.querySelectorAll("tr[data-need]")];
  const held = (row) => row.matches(":hover") || row.contains(document.activeElement);

  const merge = (page) => {
    const theirs = page.getElementById("rows");
    const ours = new Map(rowsOf(queue).map((row) => [row.dataset.need, row]));
    const names = rowsOf(theirs).map((row) => row.dataset.need);
    let changes = [...ours.keys()].filter((name) => !names.includes(name)).length;
    for (const row of rowsOf(theirs)) {
      const known = ours.get(row.dataset.need);
      if (!known) {
        changes += 1;
        say(status, "n" + row.dataset.need, `${row.querySelector("[data-name]").dataset.name}: ${words.fresh}`);
      } else if (known.dataset.state !== row.dataset.state && !held(known)) {
        const copy = document.importNode(row, true);
        known.replaceWith(copy);
        zoned(copy);
      }
    }
    const order = rowsOf(queue).map((row) => row.dataset.need).filter((name) => names.includes(name));
    const moved = order.join() !== names.filter((name) => order.includes(name)).join();
    fresh = changes || moved ? page : null;
    waiting.hidden = !fresh;
    if (fresh) waiting.textContent = put(words.changes, Math.max(changes, 1));
    document.getElementById("sum").replaceWith(document.importNode(page.getElementById("sum"), true));
    all(true);
  };

  if (waiting) {
    waiting.addEventListener("click", () => {
      if (!fresh) return;
      const copy = document.importNode(fresh.getElementById("rows"), true);
      queue.replaceChildren(...copy.childNodes);
      zoned(queue);
      fresh = null;
      waiting.hidden = true;
      all(true);
      document.getElementById("queue").focus();
    });
  }

  events.addEventListener("changed", (event) => {
    wake();
    const { about } = JSON.parse(event.data);
    if (queue) read();
    else if (about === words.about) {
      const changed = document.getElementById("changed");
      if (changed) changed.hidden = false;
      say(status, "c" + event.lastEventId, words.changed);
    }
  });
})();
