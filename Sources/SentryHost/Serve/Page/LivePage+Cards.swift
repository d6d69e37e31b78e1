extension LivePage {
  /// The part of the script that shows what the models say about each instance.
  static let cards = #"""

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
    """#
}
