"use strict";
// The tabs of a case: one panel at a time, moved through by arrow keys; what a panel shows is fetched when it is first opened.
window.zs = window.zs || {};

zs.Tabs = class {
  /** `on[key]` is called when that tab is opened; `failed` is said where a panel cannot be fetched. */
  constructor({ failed, on }) {
    this.failed = failed;
    this.on = on;
    this.all = [...document.querySelectorAll('[role="tab"]')];
    for (const tab of this.all) {
      tab.addEventListener("click", () => this.open(tab.dataset.tab));
      tab.addEventListener("keydown", (event) => this.move(event, tab));
    }
  }

  async open(key, focus = false) {
    for (const tab of this.all) {
      const mine = tab.dataset.tab === key;
      tab.setAttribute("aria-selected", String(mine));
      tab.tabIndex = mine ? 0 : -1;
      document.getElementById(`panel-${tab.dataset.tab}`).hidden = !mine;
      if (mine && focus) tab.focus();
    }
    this.on[key]?.();
    const asleep = document.getElementById({ decision: "decision", rows: "rows-decide" }[key]);
    asleep?.dispatchEvent(new CustomEvent("zs:open"));
    const panel = document.getElementById(`panel-${key}`);
    if (panel.dataset.load && (!panel.dataset.loaded || key === "history")) await this.fill(panel, panel.dataset.load);
  }

  async fill(panel, address) {
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${answer.status}`);
      panel.innerHTML = await answer.text(); // from our own server, every value escaped there
      panel.dataset.loaded = "1";
      window.htmx?.process(panel);
    } catch {
      const notice = document.createElement("p");
      notice.className = "notice bad";
      notice.textContent = this.failed;
      panel.replaceChildren(notice);
    }
    panel.setAttribute("aria-busy", "false");
  }

  move(event, tab) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = this.all.indexOf(tab);
    const next = by ? this.all[(at + by + this.all.length) % this.all.length] : { Home: this.all[0], End: this.all.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    this.open(next.dataset.tab, true);
  }
};
