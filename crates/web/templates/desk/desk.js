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

  // Points of circles and polygons are dragged on the map: the table is written, and nothing is sent.
  document.querySelectorAll(".drawn").forEach((drawn) => {
    const map = drawn.querySelector("svg");
    const { west, east, south, north, height } = Object.fromEntries(
      Object.entries(map.dataset).map(([name, value]) => [name, Number(value)]));
    const make = (name, set) => {
      const one = document.createElementNS(map.namespaceURI, name);
      for (const [key, value] of Object.entries(set)) one.setAttribute(key, value);
      return one;
    };
    const over = make("svg", { class: "grips", viewBox: `0 0 1000 ${height}`, "aria-hidden": "true" });
    drawn.append(over);
    const at = ([lat, lon]) => [((lon - west) / (east - west)) * 1000, ((north - lat) / (north - south)) * height];
    const from = (x, y) => [north - (y / height) * (north - south), west + (x / 1000) * (east - west)];
    const km = 111.2;
    const short = (n, digits) => String(Number(n.toFixed(digits)));
    const redraw = (row, kind, n) => {
      const shape = map.querySelector(`[data-shape="${row.dataset.area}"]`);
      const no = map.querySelector(`[data-no="${row.dataset.area}"]`);
      const set = (one, values) => one && Object.entries(values).forEach(([k, v]) => one.setAttribute(k, v));
      if (kind === "circle") {
        const [x, y] = at(n);
        set(shape, { cx: x, cy: y, r: Math.max(4, (n[2] / km / (north - south)) * height) });
        set(no, { x, y });
        row.value = `circle ${short(n[0], 4)}, ${short(n[1], 4)}, ${short(n[2], n[2] < 10 ? 1 : 0)}`;
      } else {
        set(shape, { points: n.map((one) => at(one).join(",")).join(" ") });
        row.value = "polygon " + n.map((one) => `${short(one[0], 4)} ${short(one[1], 4)}`).join(", ");
      }
    };
    const grips = () => {
      over.replaceChildren();
      document.querySelectorAll("[data-area]").forEach((row) => {
        const [kind, ...rest] = row.value.trim().split(/[\s,;]+/);
        let n = rest.map(Number);
        if (!map.querySelector(`[data-shape="${row.dataset.area}"]`) || n.some(Number.isNaN)) return;
        if (kind === "polygon") n = n.flatMap((_, i) => (i % 2 ? [] : [[n[i], n[i + 1]]]));
        const east_of = () => [n[0], n[1] + n[2] / km / Math.cos((n[0] * Math.PI) / 180)];
        const points = kind === "circle" ? [() => n, east_of] : n.map((_, i) => () => n[i]);
        const place = () => points.forEach((point, i) => {
          const [x, y] = at(point());
          all[i].setAttribute("cx", x);
          all[i].setAttribute("cy", y);
        });
        const all = points.map((_, i) => {
          const grip = make("circle", { class: "grip", r: 14, "data-grip": `${row.dataset.area}.${i}` });
          grip.addEventListener("pointerdown", (down) => {
            down.preventDefault();
            grip.setPointerCapture(down.pointerId);
          });
          grip.addEventListener("pointermove", (move) => {
            if (!grip.hasPointerCapture(move.pointerId)) return;
            const box = over.getBoundingClientRect();
            const [lat, lon] = from(((move.clientX - box.left) / box.width) * 1000, ((move.clientY - box.top) / box.height) * height);
            if (kind !== "circle") n[i] = [lat, lon];
            else if (i === 0) n = [lat, lon, n[2]];
            else n[2] = Math.max(0.1, Math.hypot(lat - n[0], (lon - n[1]) * Math.cos((n[0] * Math.PI) / 180)) * km);
            redraw(row, kind, n);
            place();
          });
          over.append(grip);
          return grip;
        });
        place();
      });
    };
    document.querySelectorAll("[data-area]").forEach((row) => row.addEventListener("change", grips));
    grips();
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
