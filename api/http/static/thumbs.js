"use strict";
// The strip of thumbnails: only those in view exist, and two are asked for at a time, so that pages come first.
window.zs = window.zs || {};

zs.Thumbs = class {
  constructor(viewer) {
    this.viewer = viewer;
    this.box = document.getElementById("thumbs");
    this.sheet = this.box.firstElementChild;
    this.height = 132;
    this.all = viewer.files.flatMap((file, number) => file.pages.map(([page]) => [number, page]));
    this.made = new Map();
    this.waiting = [];
    this.busy = 0;
    this.sheet.style.height = `${this.all.length * this.height}px`;
    this.box.addEventListener("scroll", () => this.draw(), { passive: true });
    this.box.addEventListener("click", (event) => {
      const item = event.target.closest(".thumb");
      if (item) viewer.show(...this.all[Number(item.dataset.number)]);
    });
    this.box.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      viewer.turn(step);
    });
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  /** Mark the page that is shown, and bring it into view. */
  mark() {
    const number = this.all.findIndex(([file, page]) => file === this.viewer.file && page === this.viewer.page);
    const top = number * this.height;
    if (top < this.box.scrollTop || top + this.height > this.box.scrollTop + this.box.clientHeight) {
      this.box.scrollTop = top - this.box.clientHeight / 2 + this.height / 2;
    }
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 2);
    const last = Math.min(this.all.length - 1, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.height) + 2);
    for (const [number, item] of this.made) {
      if (number < first || number > last) {
        item.remove();
        this.made.delete(number);
      }
    }
    for (let number = first; number <= last; number += 1) {
      if (!this.made.has(number)) this.#make(number);
      const [file, page] = this.all[number];
      const current = file === this.viewer.file && page === this.viewer.page;
      const item = this.made.get(number);
      item.setAttribute("aria-selected", String(current));
      if (current) this.box.setAttribute("aria-activedescendant", item.id);
    }
    this.#load(80);
  }

  #make(number) {
    const [file, page] = this.all[number];
    const { name, kinds } = this.viewer.files[file];
    const item = document.createElement("div");
    item.className = page === 1 && number ? "thumb first" : "thumb";
    item.id = `thumb-${number}`;
    item.setAttribute("role", "option");
    item.dataset.number = number;
    item.style.transform = `translateY(${number * this.height}px)`;
    const frame = document.createElement("span");
    frame.className = "thumb-frame";
    const label = document.createElement("span");
    label.className = "thumb-label number";
    label.textContent = page === 1 ? `1 ${kinds[0] || name}` : String(page);
    const found = this.viewer.found.get(`${file}.${page}`) || [];
    if (found.length) {
      const dot = document.createElement("span");
      const worst = ["blocking", "major", "minor"].find((one) => found.some((here) => here.severity === one));
      dot.className = `thumb-dot number ${worst}`;
      dot.textContent = found.length > 99 ? "99+" : String(found.length);
      item.append(dot);
      item.setAttribute("aria-label", `${label.textContent}，${this.viewer.told.findings.replace("#", found.length)}`);
    }
    item.append(frame, label);
    this.sheet.append(item);
    this.made.set(number, item);
  }

  /** Ask for what is missing when nothing has moved for a moment, and not before the page itself is there. */
  #load(wait) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => (this.viewer.tried ? this.#ask() : this.#load(150)), wait);
  }

  #ask() {
    this.waiting = [...this.made.keys()].sort((a, b) => a - b).filter((number) => !this.made.get(number).querySelector("img"));
    this.#next();
  }

  #next() {
    while (this.busy < 2 && this.waiting.length) {
      const number = this.waiting.shift();
      const frame = this.made.get(number)?.querySelector(".thumb-frame");
      if (!frame || frame.firstElementChild) continue;
      const image = document.createElement("img");
      image.alt = "";
      image.decoding = "async";
      image.fetchPriority = "low";
      this.busy += 1;
      const done = () => {
        this.busy -= 1;
        this.#next();
      };
      image.addEventListener("load", done, { once: true });
      image.addEventListener("error", () => (image.classList.add("broken"), done()), { once: true });
      image.src = this.viewer.address(...this.all[number], "thumb");
      frame.append(image);
    }
  }
};
