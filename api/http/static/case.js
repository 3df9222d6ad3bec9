"use strict";
// A case: the list of findings, the one that is looked at, and what ties list, page and tabs together.
window.zs = window.zs || {};

(() => {
  const root = document.getElementById("case");
  if (!root) return;
  const review = root.dataset.review;
  const told = JSON.parse(root.dataset.words);
  const byId = (id) => document.getElementById(id);
  const SETTLED = new Set(["match", "tolerated", "not_applicable"]);
  const LINE = 58;
  const BAND = 30;

  const list = byId("findings");
  const listSheet = list.firstElementChild;
  const slot = byId("finding-slot");
  let outline = null;
  let findings = [];
  let byPrint = new Map();
  let words = {};
  let lines = [];
  let made = new Map();
  let current = "";
  let viewer = null;
  let rows = null;
  let asked = 0;

  const tabs = new zs.Tabs({
    failed: told.failed,
    on: { rows: () => rows.open(), findings: () => drawList() },
  });
  const openTab = (key) => tabs.open(key);

  const details = new Map();
  const settledOf = (finding) => SETTLED.has(finding.outcome);
  const get = async (path) => {
    const answer = await fetch(`/cases/${review}/${path}`, { headers: { Accept: "text/html, application/json" } });
    if (answer.redirected && new URL(answer.url).pathname === "/login") location.assign(answer.url);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer;
  };

  // ---- the list -------------------------------------------------------------------------------------------------------------

  function taken([fingerprint, check, outcome, severity, message, sure, places, rowCount, misread]) {
    return { fingerprint, check, outcome, severity, message, sure, places, rowCount, misread };
  }

  const areaOf = (finding) => finding.check.split("-")[0];

  /** What the list shows under the filters, bands between: kept as positions, so that thousands cost nothing. */
  function arrange() {
    const show = document.querySelector('input[name="show"]:checked').value;
    const wanted = byId("find").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    lines = [];
    let top = 0;
    let band = null;
    for (const finding of findings) {
      const settled = settledOf(finding);
      if (settled && show !== "all") continue;
      if (show === "open" && words[finding.fingerprint] && finding.fingerprint !== current) continue;
      if (wanted.length) {
        const text = `${finding.check} ${outline.checks[finding.check]} ${finding.message}`.toLowerCase();
        if (!wanted.every((word) => text.includes(word))) continue;
      }
      const kind = settled ? "settled" : finding.severity;
      const key = `${kind} ${areaOf(finding)}`;
      if (key !== band?.key) {
        band = { key, kind, area: outline.groups[areaOf(finding)] || areaOf(finding), count: 0, top };
        lines.push(band);
        top += BAND;
      }
      band.count += 1;
      lines.push({ finding, top });
      top += LINE;
    }
    listSheet.style.height = `${Math.max(top, 1)}px`;
    list.style.setProperty("--all", `${Math.max(top, 96) + 1}px`);
    listSheet.classList.toggle("none", !lines.length);
    listSheet.dataset.none = told.none;
    for (const node of made.values()) node.remove();
    made = new Map();
    drawList();
    progress();
  }

  function drawList() {
    const from = list.scrollTop - 4 * LINE;
    const to = list.scrollTop + list.clientHeight + 4 * LINE;
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lines[middle].top < from) low = middle + 1;
      else high = middle;
    }
    const seen = new Set();
    for (let number = low; number < lines.length && lines[number].top <= to; number += 1) {
      seen.add(number);
      if (!made.has(number)) {
        const node = lines[number].finding ? lineOf(lines[number]) : bandOf(lines[number]);
        made.set(number, node);
        listSheet.append(node);
      }
    }
    for (const [number, node] of made) if (!seen.has(number)) (node.remove(), made.delete(number));
  }

  function element(kind, name, text) {
    const node = document.createElement(kind);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function bandOf(band) {
    const node = element("div", `band ${band.kind}`);
    node.setAttribute("role", "presentation");
    node.style.transform = `translateY(${band.top}px)`;
    node.append(element("b", "", told[band.kind]), element("span", "", band.area), element("span", "number muted", String(band.count)));
    return node;
  }

  function lineOf({ finding, top }) {
    const node = element("div", `line ${settledOf(finding) ? "settled" : finding.severity}`);
    node.id = `f-${finding.fingerprint}`;
    node.dataset.fingerprint = finding.fingerprint;
    node.setAttribute("role", "option");
    node.style.transform = `translateY(${top}px)`;
    const head = element("span", "line-head");
    head.append(element("span", "line-check number", finding.check), element("span", "line-title", outline.checks[finding.check]));
    const tail = element("span", "line-tail");
    if (finding.misread) tail.append(element("span", "hint-mark", told.misread));
    if (finding.sure < 0.9) tail.append(element("span", "sureness unsure number", `${told.sure} ${Math.round(100 * finding.sure)}%`));
    const spoken = words[finding.fingerprint];
    if (spoken) {
      const half = spoken[0] === "dismissed" && finding.severity === "blocking" && !spoken[1];
      tail.append(element("span", `line-word ${spoken[0]}${half ? " half" : ""}`, half ? `${told.dismissed} · ${told.second}` : told[spoken[0]]));
    } else tail.append(element("span", "line-outcome", told[finding.outcome]));
    head.append(tail);
    node.append(head, element("span", "line-message", finding.message));
    const chosen = finding.fingerprint === current;
    node.setAttribute("aria-selected", String(chosen));
    node.classList.toggle("spoken", Boolean(spoken));
    return node;
  }

  function progress() {
    const open = findings.filter((finding) => !settledOf(finding));
    const done = open.filter((finding) => words[finding.fingerprint]).length;
    byId("progress").textContent = open.length ? told.progress.replace("##", open.length).replace("#", done) : "";
    document.querySelector('[data-tab-count="findings"]').textContent = open.length;
  }

  const positionOf = (fingerprint) => lines.findIndex((line) => line.finding?.fingerprint === fingerprint);

  function markCurrent() {
    for (const node of listSheet.querySelectorAll(".line")) {
      node.setAttribute("aria-selected", String(node.dataset.fingerprint === current));
    }
    const position = positionOf(current);
    if (position < 0) return;
    const { top } = lines[position];
    const before = lines[position - 1]?.finding ? top : top - BAND;
    if (before < list.scrollTop) list.scrollTop = before;
    if (top + LINE > list.scrollTop + list.clientHeight) list.scrollTop = top + LINE - list.clientHeight;
    drawList();
    list.setAttribute("aria-activedescendant", `f-${current}`);
  }

  // ---- one finding ----------------------------------------------------------------------------------------------------------

  /** Look at a finding: light its places on the page, show it in full, have its neighbours ready. */
  async function select(fingerprint, { keepPage = false } = {}) {
    const finding = byPrint.get(fingerprint);
    if (!finding) return;
    const started = performance.now();
    current = fingerprint;
    asked += 1;
    const turn = asked;
    markCurrent();
    const [place] = finding.places;
    let lit = Promise.resolve();
    if (place && !keepPage) {
      viewer.say("");
      lit = viewer.show(place[0], place[1], finding.places);
    } else {
      viewer.lit = finding.places;
      viewer.draw();
      viewer.say(place ? "" : told.noPlace);
    }
    document.dispatchEvent(new CustomEvent("zs:select", { detail: fingerprint }));
    lit.then(() => requestAnimationFrame(() => requestAnimationFrame((now) => {
      if (turn === asked) document.dispatchEvent(new CustomEvent("zs:lit", { detail: { fingerprint, ms: now - started } }));
    })));
    history.replaceState(null, "", `#${fingerprint}`);
    try {
      const html = await detail(fingerprint);
      if (turn === asked) put(html);
    } catch {
      if (turn === asked) slot.replaceChildren(element("p", "notice bad", told.failed));
    }
    if (turn === asked) ahead();
  }

  function detail(fingerprint) {
    if (!details.has(fingerprint)) {
      const found = get(`findings/${fingerprint}`).then((answer) => answer.text());
      found.catch(() => details.delete(fingerprint));
      details.set(fingerprint, found);
      if (details.size > 30) details.delete(details.keys().next().value);
    }
    return details.get(fingerprint);
  }

  function put(html) {
    slot.innerHTML = html; // from our own server, every value escaped there
    slot.scrollTop = 0;
    slot.setAttribute("aria-busy", "false");
    window.htmx?.process(slot);
    dress();
  }

  /** Cut the pictures of the evidence out of the pages' pictures, which the viewer needs anyway. */
  function dress() {
    for (const crop of slot.querySelectorAll(".crop")) {
      const [file, page] = [Number(crop.dataset.file), Number(crop.dataset.page)];
      const box = crop.dataset.box.split(",").map(Number);
      zs.frame(viewer, crop, file, page, box);
    }
  }

  /** Have what comes next there before it is asked for: the text of two findings and the pictures of their pages. */
  function ahead() {
    const position = positionOf(current);
    const near = [];
    for (let number = position + 1; number < lines.length && near.length < 2; number += 1) if (lines[number].finding) near.push(lines[number].finding);
    for (let number = position - 1; number >= 0 && near.length < 3; number -= 1) if (lines[number].finding) near.push(lines[number].finding);
    for (const finding of near) {
      detail(finding.fingerprint).catch(() => {});
      const sides = [finding.places.find((place) => place[6] === 0), finding.places.find((place) => place[6] === 1)];
      viewer.prefetch(sides.filter(Boolean));
    }
    const mine = byPrint.get(current).places.find((place) => place[6] === 1);
    if (mine) viewer.prefetch([mine]);
  }

  function step(by) {
    let position = positionOf(current);
    if (position < 0) position = by > 0 ? -1 : lines.length;
    for (let number = position + by; number >= 0 && number < lines.length; number += by) {
      if (lines[number].finding) return select(lines[number].finding.fingerprint);
    }
    return Promise.resolve();
  }

  /** Light the other side's place, where the finding has one. */
  function other() {
    const finding = byPrint.get(current);
    if (!finding?.places.length) return;
    const at = finding.places.findIndex((place) => place[0] === viewer.file && place[1] === viewer.page);
    const now = at < 0 ? -1 : finding.places[at][6];
    const next = finding.places.find((place) => place[6] !== now) || finding.places[(at + 1) % finding.places.length];
    viewer.show(next[0], next[1], [next, ...finding.places.filter((place) => place !== next)]);
  }

  // ---- words of people ------------------------------------------------------------------------------------------------------

  async function loadWords() {
    const found = await (await get("words")).json();
    words = found.words;
    root.dataset.seen = found.seen;
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const swapped = byId("finding");
    if (!swapped || !slot.contains(swapped) || !(slot.contains(event.target) || event.target === slot)) return;
    const { fingerprint, verdict, second } = swapped.dataset;
    if (fingerprint !== current) return;
    const before = words[fingerprint]?.[0] || "";
    details.delete(fingerprint);
    if (verdict) words[fingerprint] = [verdict, Boolean(second), ""];
    else delete words[fingerprint];
    dress();
    const next = positionOf(current);
    if (verdict && !before && next >= 0) step(1).then(arrangeKeeping);
    else arrangeKeeping();
  });

  function arrangeKeeping() {
    const top = list.scrollTop;
    arrange();
    list.scrollTop = top;
    markCurrent();
  }

  document.addEventListener("zs:rejudged", async () => {
    details.clear();
    viewer.read.clear();
    await load();
    window.zsToast?.(told.rejudged);
    if (!byPrint.has(current)) current = "";
    arrangeKeeping();
    if (current) select(current, { keepPage: true });
    else step(1);
    rows.opened = false;
    if (!byId("panel-rows").hidden) rows.open();
    for (const panel of document.querySelectorAll("[data-load]")) delete panel.dataset.loaded;
  });

  // ---- clicks ---------------------------------------------------------------------------------------------------------------

  list.addEventListener("scroll", drawList, { passive: true });
  list.addEventListener("click", (event) => {
    const line = event.target.closest(".line");
    if (line) select(line.dataset.fingerprint);
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
  for (const input of document.querySelectorAll('input[name="show"]')) input.addEventListener("change", arrangeKeeping);
  let soon = 0;
  byId("find").addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(arrangeKeeping, 120);
  });

  document.querySelector(".side").addEventListener("click", async (event) => {
    const place = event.target.closest("[data-box]");
    if (place) {
      const side = Number(place.dataset.side || 0);
      const box = place.dataset.box.split(",").map(Number);
      viewer.say("");
      viewer.show(Number(place.dataset.file), Number(place.dataset.page), [[Number(place.dataset.file), Number(place.dataset.page), ...box, side]]);
      return;
    }
    const row = event.target.closest("[data-row].row-link");
    if (row) {
      await openTab("rows");
      rows.jump(Number(row.dataset.row));
      return;
    }
    const unmask = event.target.closest("[data-unmask]");
    if (unmask?.dataset.unmask === "fields") tabs.fill(byId("panel-fields"), `/cases/${review}/fields?unmask=true`);
    else if (unmask) {
      try {
        put(await (await get(`findings/${current}?unmask=true`)).text());
      } catch {
        window.zsToast?.(told.failed, true);
      }
    }
  });

  document.addEventListener("zs:resized", dress);
  byId("file").addEventListener("change", (event) => viewer.show(Number(event.target.value), 1));
  byId("page").addEventListener("change", (event) => goPage(Number(event.target.value)));
  byId("page").addEventListener("focus", (event) => event.target.select());
  document.querySelector(".viewer-tools").addEventListener("click", (event) => {
    const what = event.target.closest("[data-view]")?.dataset.view;
    if (what) look(what);
  });

  function look(what) {
    const boxes = document.querySelector('[data-view="boxes"]');
    ({
      previous: () => viewer.turn(-1),
      next: () => viewer.turn(1),
      smaller: () => viewer.zoom(1 / 1.2),
      larger: () => viewer.zoom(1.2),
      width: () => viewer.zoom(viewer.fitting === "width" ? "page" : "width"),
      rotate: () => viewer.rotate(),
      boxes: () => boxes.setAttribute("aria-pressed", String(byId("stage").classList.toggle("all-boxes"))),
    })[what]?.();
  }

  function goPage(number) {
    if (Number.isInteger(number) && number > 0) viewer.show(viewer.file, number);
    byId("page").value = viewer.page;
  }

  /** A box that was read: the finding that rests on that place, or the place itself. */
  function boxClicked(box) {
    const near = (place) => place[0] === viewer.file && place[1] === viewer.page && Math.abs(place[2] - box[0]) < 2 && Math.abs(place[3] - box[1]) < 2;
    const found = findings.find((finding) => finding.places.some(near));
    if (found) {
      openTab("findings");
      select(found.fingerprint, { keepPage: false });
    } else if (box[7] >= 0) {
      openTab("rows");
      rows.jump(box[7]);
    } else viewer.show(viewer.file, viewer.page, [[viewer.file, viewer.page, ...box.slice(0, 4), 0]]);
  }

  // ---- beginning ------------------------------------------------------------------------------------------------------------

  async function load() {
    const [found] = await Promise.all([get("outline").then((answer) => answer.json()), loadWords()]);
    outline = found;
    findings = found.findings.map(taken);
    byPrint = new Map(findings.map((finding) => [finding.fingerprint, finding]));
    const pages = new Map();
    for (const finding of findings) {
      if (settledOf(finding)) continue;
      for (const place of finding.places) {
        const key = `${place[0]}.${place[1]}`;
        if (!pages.has(key)) pages.set(key, []);
        pages.get(key).push({ place, severity: finding.severity, fingerprint: finding.fingerprint });
      }
    }
    if (viewer) viewer.found = pages;
    const advice = byId("advice");
    advice.textContent = found.why;
    advice.title = found.why;
    advice.className = `case-advice ${found.recommendation}`;
    for (const severity of ["blocking", "major", "minor"]) {
      const count = findings.filter((finding) => finding.severity === severity && !settledOf(finding)).length;
      document.querySelector(`[data-count="${severity}"]`).textContent = count;
    }
    document.querySelector('[data-tab-count="rows"]').textContent = found.rows.all || "";
    return pages;
  }

  async function begin() {
    let pages;
    try {
      pages = await load();
    } catch {
      slot.replaceChildren(element("p", "notice bad", told.failed));
      return;
    }
    viewer = new zs.Viewer({
      files: outline.files,
      review,
      told,
      on: {
        page(file, page) {
          byId("file").value = file;
          byId("page").value = page;
          byId("pages").textContent = outline.files[file].pages.length;
        },
        finding: (fingerprint) => (openTab("findings"), select(fingerprint)),
        read: boxClicked,
        name: (fingerprint) => byPrint.get(fingerprint)?.message || "",
      },
    });
    viewer.found = pages;
    byId("file").replaceChildren(
      ...outline.files.map((file, number) => {
        const option = element("option", "", `${file.kinds.join("、")} · ${file.name}`);
        option.value = number;
        return option;
      }),
    );
    rows = new zs.Rows({
      review,
      told,
      on: {
        place: (place) => (viewer.say(""), viewer.show(place[0], place[1], [place])),
        nowhere: () => viewer.say(told.noPlace),
      },
    });
    Object.assign(zs, {
      select,
      next: () => step(1),
      previous: () => step(-1),
      current: () => current,
      page: goPage,
      pages: () => viewer.files.map((file) => file.pages.length),
      show: (file, page) => viewer.show(file, page),
      zoom: (how) => viewer.zoom(how),
      rotate: () => viewer.rotate(),
      look,
      other,
      tab: (key, focus) => tabs.open(key, focus),
      rows,
      viewer,
    });
    if (!findings.some((finding) => !settledOf(finding))) document.querySelector('input[name="show"][value="all"]').checked = true;
    arrange();
    viewer.thumbs.draw();
    const wanted = location.hash.slice(1);
    const first = byPrint.has(wanted) ? wanted : lines.find((line) => line.finding)?.finding.fingerprint;
    if (outline.files.length && !(first && byPrint.get(first).places.length)) viewer.show(0, 1);
    if (first) await select(first);
    else slot.setAttribute("aria-busy", "false");
    list.focus({ preventScroll: true });
    setTimeout(() => rows.opened || rows.warm(), 300);
    root.dataset.ready = "1";
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("zs:painted")));
    document.dispatchEvent(new CustomEvent("zs:ready"));
  }

  begin();
})();
