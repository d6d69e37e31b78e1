extension LivePage {
  /// Shows messages of the web socket as they come and answers each, so that the next is sent.
  static let script = #"""

    "use strict";
    // The token is in a cookie now and need not stay in the address.
    history.replaceState(null, "", "/");

    const colours = 8, span = 30, patience = 2;
    const byId = (id) => document.getElementById(id);
    const picture = byId("picture"), pen = picture.getContext("2d");
    const cards = new Map();
    const times = [];
    let isPaused = false, hasEnded = false, latest = null;

    function element(name, className, text) {
      const made = document.createElement(name);
      if (className) made.className = className;
      if (text !== undefined) made.textContent = text;
      return made;
    }

    function say(text) {
      const status = byId("status");
      if (status.textContent !== text) status.textContent = text;
      status.hidden = text === "";
    }

    const percent = (value) => Math.round(100 * value) + " %";

    // One task of one instance: bars, and a chart of the last seconds.
    class Task {
      constructor(name, parent) {
        this.name = name;
        this.history = [];
        this.rows = new Map();
        this.title = element("h3");
        this.list = element("ul");
        this.chart = element("canvas", "chart");
        this.chart.setAttribute("role", "img");
        this.chart.setAttribute("aria-label", name + ": probabilities of the last " + span + " seconds");
        parent.append(this.title, this.list, this.chart);
      }

      update(answer, time) {
        const probabilities = Object.entries(answer.probabilities);
        this.title.textContent = this.name + ": " + answer.class;
        probabilities.forEach(([name, value], place) => {
          let row = this.rows.get(name);
          if (!row) {
            row = { item: element("li"), fill: element("div", "fill"), value: element("span", "value") };
            const track = element("div", "track");
            track.setAttribute("aria-hidden", "true");
            track.append(row.fill);
            row.fill.style.background = "var(--c" + place % colours + ")";
            row.item.append(element("span", "name", name), track, row.value);
            this.list.append(row.item);
            this.rows.set(name, row);
          }
          row.item.className = name === answer.class ? "first" : "";
          row.fill.style.width = 100 * value + "%";
          row.value.textContent = percent(value);
        });
        // A video that began anew.
        if (this.history.length && this.history.at(-1).time > time) this.history = [];
        this.history.push({ time: time, values: probabilities.map((entry) => entry[1]) });
        while (this.history[0].time < time - span) this.history.shift();
        this.draw(time);
      }

      draw(now) {
        const scale = window.devicePixelRatio || 1;
        const width = this.chart.clientWidth, height = this.chart.clientHeight;
        if (!width) return;
        this.chart.width = width * scale;
        this.chart.height = height * scale;
        const pen = this.chart.getContext("2d"), style = getComputedStyle(document.documentElement);
        pen.scale(scale, scale);
        const left = 40, right = 4, top = 6, bottom = 18;
        const x = (time) => left + (width - left - right) * (1 - (now - time) / span);
        const y = (value) => top + (height - top - bottom) * (1 - value);
        pen.font = "11px system-ui, sans-serif";
        pen.fillStyle = style.getPropertyValue("--muted");
        pen.strokeStyle = style.getPropertyValue("--line");
        pen.textAlign = "right";
        for (const value of [0, 0.5, 1]) {
          pen.beginPath();
          pen.moveTo(left, y(value));
          pen.lineTo(width - right, y(value));
          pen.stroke();
          pen.fillText(100 * value + " %", left - 4, y(value) + 4);
        }
        pen.fillText("now", width - right, height - 3);
        pen.textAlign = "left";
        pen.fillText("\u2212" + span + " s", left, height - 3);
        pen.lineWidth = 1.75;
        pen.lineJoin = "round";
        const count = this.history[0].values.length;
        for (let place = 0; place < count; place += 1) {
          pen.strokeStyle = style.getPropertyValue("--c" + place % colours);
          pen.beginPath();
          let before = -Infinity;
          for (const entry of this.history) {
            // Nothing was known in a gap.
            const isGap = entry.time - before > patience;
            pen[isGap ? "moveTo" : "lineTo"](x(entry.time), y(entry.values[place]));
            before = entry.time;
          }
          pen.stroke();
        }
      }
    }

    class Card {
      constructor(title) {
        this.tasks = new Map();
        this.root = element("section", "card");
        const head = element("header");
        this.note = element("p", "small");
        head.append(element("h2", "", title), this.note);
        this.root.append(head);
        this.root.setAttribute("aria-label", title);
        byId("answers").append(this.root);
      }

      update(instance, time) {
        this.seen = time;
        const waiting = instance.waiting;
        this.note.textContent = waiting ? waiting.frames + " of " + waiting.of + " frames of its window" : "";
        for (const [name, answer] of Object.entries(instance.tasks)) {
          if (!this.tasks.has(name)) this.tasks.set(name, new Task(name, this.root));
          this.tasks.get(name).update(answer, time);
        }
      }
    }

    function showAnswers(live) {
      const counts = {};
      for (const instance of live.instances) {
        counts[instance.kind] = (counts[instance.kind] || 0) + 1;
        const number = instance.id === undefined ? counts[instance.kind] : instance.id;
        const title = instance.kind + " " + number;
        if (!cards.has(title)) cards.set(title, new Card(title));
        cards.get(title).update(instance, live.time);
      }
      for (const [title, card] of cards) {
        if (live.time - card.seen <= patience && live.time >= card.seen) continue;
        card.root.remove();
        cards.delete(title);
      }
    }

    function showFacts(live) {
      const now = performance.now();
      times.push(now);
      while (times[0] < now - 3000) times.shift();
      const rate = times.length > 1 ? 1000 * (times.length - 1) / (now - times[0]) : 0;
      byId("facts").textContent = "frame " + live.frame + " \u00b7 " + live.time.toFixed(1) + " s \u00b7 " + rate.toFixed(0) +
        " per second \u00b7 " + live.instances.length + " found";
    }

    async function show(buffer) {
      const length = new DataView(buffer).getUint32(0);
      const update = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
      hasEnded = update.ended;
      byId("source").textContent = update.source;
      if (hasEnded) {
        say(update.camera ? "The camera was closed." : "The video has ended. To see it again, run the command again.");
      } else {
        say("");
      }
      if (isPaused) return;
      const image = await createImageBitmap(new Blob([new Uint8Array(buffer, 4 + length)], { type: "image/jpeg" }));
      if (picture.width !== image.width) picture.width = image.width;
      if (picture.height !== image.height) picture.height = image.height;
      pen.drawImage(image, 0, 0);
      image.close();
      showFacts(update.live);
      showAnswers(update.live);
    }

    function connect() {
      const socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/live");
      socket.binaryType = "arraybuffer";
      socket.onmessage = async (message) => {
        latest = message.data;
        try {
          await show(message.data);
        } catch (error) {
          say("This frame cannot be shown: " + error.message);
        }
        if (socket.readyState === WebSocket.OPEN) socket.send("shown");
      };
      socket.onclose = () => {
        if (!hasEnded) say("sentry does not answer. This page tries again every 2 seconds.");
        setTimeout(connect, 2000);
      };
    }

    function pause() {
      isPaused = !isPaused;
      byId("pause").textContent = isPaused ? "Go on" : "Pause";
      byId("pause").setAttribute("aria-pressed", String(isPaused));
      if (!isPaused && latest) show(latest);
    }

    byId("pause").addEventListener("click", pause);
    document.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.target !== document.body) return;
      event.preventDefault();
      pause();
    });
    connect();

    """#
}
