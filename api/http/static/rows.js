"use strict";
// The claimed rows: a table of which only what is in view exists; ten thousand rows come in stretches as they are scrolled to.
window.zs = window.zs || {};

zs.Rows = class {
  static HEIGHT = 54;
  static STRETCH = 200;

  constructor({ review, told, on }) {
    this.review = review;
    this.told = told;
    this.on = on;
    this.view = document.getElementById("rows-view");
    this.sheet = this.view.firstElementChild;
    this.stretches = new Map();
    this.made = new Map();
    this.chosen = new Set();
    this.total = 0;
    this.known = false;
    this.active = -1;
    this.state = "";
    this.q = "";
    this.asked = 0;
    this.opened = false;
    this.#listen();
  }

  /** Have the first stretch there before the tab is opened. */
  warm() {
    this.opened = true;
    return this.reload();
  }

  /** When the tab is opened. */
  open() {
    if (!this.opened) this.warm();
    this.draw();
  }

  /** Forget what was fetched and fetch what is in view. */
  async reload(at = null) {
    this.asked += 1;
    this.stretches.clear();
    const found = await this.#fetch(0, at);
    if (!found) return;
    this.total = found.total;
    this.known = true;
    this.sheet.style.height = `${Math.max(1, this.total) * zs.Rows.HEIGHT}px`;
    document.getElementById("rows").setAttribute("aria-rowcount", this.total + 1);
    for (const box of document.querySelectorAll("[data-rows-count]")) box.textContent = found.counts[box.dataset.rowsCount] ?? "";
    this.#clear();
    if (found.place !== null) this.go(found.place);
    else if (at === null) this.view.scrollTop = 0;
    this.draw();
  }

  /** Show the row with that place in the report, whatever the filter says. */
  async jump(number) {
    this.state = "";
    this.q = "";
    document.getElementById("rows-q").value = "";
    document.getElementById("rows-state").value = "";
    document.querySelector('#panel-rows input[name="state"][value=""]').checked = true;
    this.opened = true;
    await this.reload(number);
  }

  /** Make the row at a position of the list the active one. */
  go(position) {
    this.active = Math.min(Math.max(0, position), this.total - 1);
    const top = this.active * zs.Rows.HEIGHT;
    if (top < this.view.scrollTop) this.view.scrollTop = top;
    if (top + zs.Rows.HEIGHT > this.view.scrollTop + this.view.clientHeight) {
      this.view.scrollTop = top + zs.Rows.HEIGHT - this.view.clientHeight;
    }
    this.draw();
  }

  /** What is chosen, for whoever decides on rows together. */
  selected() {
    return { rows: [...this.chosen].sort((a, b) => a - b) };
  }

  draw() {
    if (!this.view.clientHeight) return;
    const { HEIGHT } = zs.Rows;
    const first = Math.max(0, Math.floor(this.view.scrollTop / HEIGHT) - 6);
    const last = Math.min(this.total - 1, Math.ceil((this.view.scrollTop + this.view.clientHeight) / HEIGHT) + 6);
    for (const [position, line] of this.made) {
      if (position < first || position > last) {
        line.remove();
        this.made.delete(position);
      }
    }
    for (let position = first; position <= last; position += 1) {
      const row = this.#row(position);
      let line = this.made.get(position);
      if (line && !line.dataset.row && row) {
        line.remove();
        line = null;
      }
      if (!line) {
        line = this.#line(position, row);
        this.made.set(position, line);
        this.sheet.append(line);
      }
      const current = position === this.active;
      line.classList.toggle("active", current);
      if (current) this.view.setAttribute("aria-activedescendant", line.id);
    }
    this.sheet.classList.toggle("none", this.known && this.total === 0);
    this.sheet.dataset.none = this.told.rowsNone;
  }

  #row(position) {
    const start = Math.floor(position / zs.Rows.STRETCH) * zs.Rows.STRETCH;
    const stretch = this.stretches.get(start);
    if (stretch === undefined) {
      this.stretches.set(start, null);
      this.#fetch(start).then(() => this.draw());
    }
    return stretch?.[position - start];
  }

  async #fetch(start, at = null) {
    const turn = this.asked;
    const query = new URLSearchParams({ from: start, count: zs.Rows.STRETCH, state: this.state, q: this.q });
    if (at !== null) query.set("at", at);
    try {
      const answer = await fetch(`/cases/${this.review}/rows?${query}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const found = await answer.json();
      if (turn !== this.asked) return null;
      this.stretches.set(start, found.rows);
      if (this.stretches.size > 12) this.stretches.delete([...this.stretches.keys()].find((one) => one !== start && this.stretches.get(one)));
      return found;
    } catch {
      if (turn === this.asked) {
        this.stretches.delete(start);
        window.zsToast?.(this.told.failed, true);
      }
      return null;
    }
  }

  #line(position, row) {
    const line = document.createElement("div");
    line.className = "rows-line";
    line.id = `row-line-${position}`;
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", position + 2);
    line.dataset.position = position;
    line.style.transform = `translateY(${position * zs.Rows.HEIGHT}px)`;
    if (!row) {
      line.classList.add("waits");
      for (let cell = 0; cell < 5; cell += 1) line.append(this.#cell());
      return line;
    }
    const [number, , site, , object, , parameter, method, standards, limit, machine, reasons, suggestion, , , said] = row;
    const decision = said ? said[0] : machine;
    line.dataset.row = number;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.tabIndex = -1;
    box.checked = this.chosen.has(number);
    box.setAttribute("aria-label", this.told.row.replace("#", number + 1));
    line.setAttribute("aria-selected", String(box.checked));
    const mark = this.#cell();
    mark.append(box);
    const text = (main, under, title) => {
      const cell = this.#cell();
      cell.title = title || [main, under].filter(Boolean).join("\n");
      cell.append(this.#span("main", main), this.#span("under", under));
      return cell;
    };
    const state = this.#cell();
    const badge = this.#span(`badge decision ${decision}`, this.told[decision]);
    state.append(badge);
    if (said && said[0] !== machine) state.append(this.#span("overruled", this.told[machine]));
    state.append(this.#span("under", said ? said[1] : [reasons.join(" "), suggestion && `→ ${suggestion}`].filter(Boolean).join("  ")));
    state.title = state.lastChild.textContent;
    const count = this.#cell();
    count.classList.add("number");
    count.textContent = number + 1;
    line.append(mark, count, text([site && `[${site}]`, object].filter(Boolean).join(" "), parameter), text(standards || method, limit, [method, limit].filter(Boolean).join("\n")), state);
    return line;
  }

  #cell() {
    const cell = document.createElement("span");
    cell.setAttribute("role", "gridcell");
    return cell;
  }

  #span(kind, text) {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text || "";
    return span;
  }

  #clear() {
    for (const line of this.made.values()) line.remove();
    this.made.clear();
  }

  #choose(number, yes) {
    if (yes) this.chosen.add(number);
    else this.chosen.delete(number);
  }

  #chosenChanged() {
    const kept = document.getElementById("rows-selected");
    kept.replaceChildren(
      ...[...this.chosen].map((number) => {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = "row";
        input.value = number;
        return input;
      }),
    );
    for (const line of this.made.values()) {
      const yes = this.chosen.has(Number(line.dataset.row));
      const box = line.querySelector("input");
      if (box) box.checked = yes;
      line.setAttribute("aria-selected", String(yes));
    }
    document.dispatchEvent(new CustomEvent("zs:rows-chosen", { detail: { count: this.chosen.size } }));
  }

  #listen() {
    const { view } = this;
    let before = -1;
    view.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(view);
    view.addEventListener("click", (event) => {
      const line = event.target.closest(".rows-line");
      if (!line?.dataset.row) return;
      const position = Number(line.dataset.position);
      if (event.target.matches("input")) {
        const yes = event.target.checked;
        const [from, to] = event.shiftKey && before >= 0 ? [Math.min(before, position), Math.max(before, position)] : [position, position];
        for (let one = from; one <= to; one += 1) {
          const row = this.#row(one);
          if (row) this.#choose(row[0], yes);
        }
        before = position;
        this.#chosenChanged();
      } else {
        this.go(position);
        this.#look();
      }
    });
    view.addEventListener("keydown", (event) => {
      const page = Math.max(1, Math.floor(view.clientHeight / zs.Rows.HEIGHT) - 1);
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
      if (step) this.go(this.active + step);
      else if (event.key === "Home") this.go(0);
      else if (event.key === "End") this.go(this.total - 1);
      else if (event.key === "Enter") this.#look();
      else if (event.key === " ") {
        const row = this.active >= 0 && this.#row(this.active);
        if (row) {
          this.#choose(row[0], !this.chosen.has(row[0]));
          this.#chosenChanged();
        }
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    document.getElementById("rows-all").addEventListener("change", (event) => {
      const first = Math.floor(view.scrollTop / zs.Rows.HEIGHT);
      const last = Math.min(this.total - 1, Math.ceil((view.scrollTop + view.clientHeight) / zs.Rows.HEIGHT) - 1);
      for (let position = first; position <= last; position += 1) {
        const row = this.#row(position);
        if (row) this.#choose(row[0], event.target.checked);
      }
      if (!event.target.checked) this.chosen.clear();
      this.#chosenChanged();
    });
    const filter = () => {
      this.state = document.querySelector('#panel-rows input[name="state"]:checked')?.value || "";
      this.q = document.getElementById("rows-q").value.trim();
      document.getElementById("rows-state").value = this.state;
      this.active = -1;
      this.reload();
    };
    for (const input of document.querySelectorAll('#panel-rows .segments input[name="state"]')) input.addEventListener("change", filter);
    let soon = 0;
    document.getElementById("rows-q").addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(filter, 180);
    });
    document.addEventListener("zs:rows-decided", () => {
      this.chosen.clear();
      this.#chosenChanged();
      const top = view.scrollTop;
      this.reload().then(() => ((view.scrollTop = top), this.draw()));
    });
  }

  #look() {
    const row = this.active >= 0 && this.#row(this.active);
    if (row?.[14]) this.on.place([...row[14], 0]);
    else if (row) this.on.nowhere();
  }
};
