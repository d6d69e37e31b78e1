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

    \#(cards)

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
      // Meanwhile the user may have paused.
      if (isPaused) return;
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
