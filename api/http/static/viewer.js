"use strict";
// The papers: one page at a time, its picture under the boxes of what was read; zoom, pan, rotate.
// Coordinates are points of the page as it was turned to be read; the SVG over the picture has them as its own.
window.zs = window.zs || {};

/**
 * Pictures that are there or on their way, as bitmaps that are let go by hand: a browser keeps what it decoded for an <img> as long as
 * it likes, and hundreds of pages would pile up. At most `most` pages' worth of pixels are held; a sharp one counts four times.
 */
zs.Pictures = class {
  constructor(most) {
    this.most = most;
    this.kept = new Map();
  }

  /** The bitmap of an address; rejected where it cannot be shown. Draw it at once: it may be closed later. */
  get(address, priority = "auto") {
    let entry = this.kept.get(address);
    if (!entry) {
      const stop = new AbortController();
      entry = { stop, there: false, weight: address.includes("/sharp") ? 4 : 1 };
      entry.ready = fetch(address, { priority, signal: stop.signal }).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        const bitmap = await createImageBitmap(await answer.blob());
        entry.there = true;
        return bitmap;
      });
      entry.ready.catch(() => this.kept.get(address) === entry && this.kept.delete(address));
    }
    this.kept.delete(address);
    this.kept.set(address, entry);
    this.#letGo();
    return entry.ready;
  }

  has(address) {
    return Boolean(this.kept.get(address)?.there);
  }

  #letGo() {
    let held = [...this.kept.values()].reduce((sum, entry) => sum + entry.weight, 0);
    for (const [address, entry] of this.kept) {
      if (held <= this.most || this.kept.size === 1) return;
      held -= entry.weight;
      this.kept.delete(address);
      entry.stop.abort();
      entry.ready.then((bitmap) => setTimeout(() => bitmap.close()), () => {});
    }
  }
};

zs.Viewer = class {
  /** `files` as in the outline; `told` has the words of the page; `on` is told of clicks and turns. */
  constructor({ files, review, told, on }) {
    this.files = files;
    this.review = review;
    this.told = told;
    this.on = on;
    this.pictures = new zs.Pictures(10);
    this.read = new Map();
    this.found = new Map();
    this.file = 0;
    this.page = 1;
    this.scale = 1;
    this.fitting = "width";
    this.turned = 0;
    this.lit = [];
    this.shown = "";
    this.opened = false;
    this.tried = false;
    for (const [name, id] of [["stage", "stage"], ["sheet", "sheet"], ["picture", "picture"], ["svg", "boxes"], ["tip", "tip"], ["note", "stage-note"]]) {
      this[name] = document.getElementById(id);
    }
    this.room = this.stage.querySelector(".sheet-room");
    this.#listen();
    this.thumbs = new zs.Thumbs(this);
  }

  /** Address of a page's picture in one of three sizes. */
  address(file, page, size) {
    const { sha256, pages } = this.files[file];
    const turn = pages[page - 1]?.[3] || 0;
    const query = [turn ? `turn=${turn}` : "", size === "thumb" ? `last=${pages.length}` : ""].filter(Boolean).join("&");
    return `/cases/${this.review}/pages/${sha256}/${page}/${size}${query ? `?${query}` : ""}`;
  }

  /** Width and height of a page in points; of a page whose size nobody knows, A4's. */
  size(file = this.file, page = this.page) {
    const [, width, height] = this.files[file].pages[page - 1] || [];
    return width && height ? [width, height] : [595, 842];
  }

  /** Show a page; `places` are [file, page, x0, top, x1, bottom, side] and those on it are lit and brought into view. */
  async show(file, page, places = []) {
    const pages = this.files[file]?.pages.length || 0;
    if (!pages) return;
    page = Math.min(Math.max(1, page), pages);
    const other = file !== this.file || page !== this.page || !this.opened;
    this.opened = true;
    this.file = file;
    this.page = page;
    this.lit = places;
    if (other) {
      this.turned = 0;
      this.note.hidden = true;
    }
    this.layout();
    this.draw();
    const first = places.find((place) => place[0] === file && place[1] === page);
    if (first) this.reveal(first);
    else if (other) this.stage.scrollTo(0, 0);
    if (other) {
      this.on.page(file, page);
      this.thumbs.mark();
      this.#boxes(file, page);
    }
    await this.#picture();
    this.#beside();
  }

  /** Put the sheet at its size. */
  layout() {
    const [width, height] = this.size();
    const sideways = this.turned % 180 !== 0;
    const [across, down] = sideways ? [height, width] : [width, height];
    const room = this.stage.clientWidth - 24;
    if (this.fitting === "width") this.scale = Math.max(0.05, room / across);
    if (this.fitting === "page") this.scale = Math.max(0.05, Math.min(room / across, (this.stage.clientHeight - 24) / down));
    const { scale } = this;
    this.sheet.style.width = `${width * scale}px`;
    this.sheet.style.height = `${height * scale}px`;
    const [x, y] = { 0: [0, 0], 90: [across, 0], 180: [across, down], 270: [0, down] }[this.turned];
    this.sheet.style.transform = this.turned ? `translate(${x * scale}px, ${y * scale}px) rotate(${this.turned}deg)` : "";
    this.room.style.width = `${across * scale}px`;
    this.room.style.height = `${down * scale}px`;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    document.getElementById("zoom").textContent = `${Math.round(scale * 75)}%`;
    if (this.shown) this.#paint();
  }

  /** Zoom by a factor, or to fit ("width", "page"); what is in the middle of the window stays there. */
  zoom(how) {
    const { stage, room } = this;
    const x = (stage.scrollLeft + stage.clientWidth / 2) / Math.max(1, room.offsetWidth);
    const y = (stage.scrollTop + stage.clientHeight / 2) / Math.max(1, room.offsetHeight);
    if (typeof how === "number") {
      this.fitting = "";
      this.scale = Math.min(8, Math.max(0.1, this.scale * how));
    } else this.fitting = how;
    this.layout();
    stage.scrollTo(x * room.offsetWidth - stage.clientWidth / 2, y * room.offsetHeight - stage.clientHeight / 2);
    this.#picture();
  }

  rotate() {
    this.turned = (this.turned + 90) % 360;
    this.layout();
    const lit = this.lit.find((place) => place[0] === this.file && place[1] === this.page);
    if (lit) this.reveal(lit);
  }

  /** Draw the boxes of this page: what was read, what findings rest on, and what is lit. */
  draw() {
    const key = `${this.file}.${this.page}`;
    const boxes = (this.read.get(key) || []).map((box, number) => this.#box(box, `read${box[6] < 0.9 ? " unsure" : ""}`, { read: number }));
    for (const { place, severity, fingerprint } of this.found.get(key) || []) {
      if (!this.lit.includes(place)) boxes.push(this.#box(place.slice(2, 6), `of-finding ${severity}`, { finding: fingerprint }));
    }
    for (const place of this.lit) {
      if (place[0] === this.file && place[1] === this.page) boxes.push(this.#box(place.slice(2, 6), `lit lit-${place[6]}`, {}, 2.5));
    }
    this.svg.replaceChildren(...boxes);
  }

  /** Bring a place into view, a little above the middle. */
  reveal([, , x0, top, x1, bottom]) {
    const [width, height] = this.size();
    const [x, y] = [(x0 + x1) / 2, (top + bottom) / 2];
    const [left, down] = { 0: [x, y], 90: [height - y, x], 180: [width - x, height - y], 270: [y, width - x] }[this.turned];
    this.stage.scrollTo(left * this.scale - this.stage.clientWidth / 2, down * this.scale - this.stage.clientHeight * 0.42);
  }

  /** Have the pictures of some places there before they are wanted. */
  prefetch(places) {
    for (const [file, page] of places) this.pictures.get(this.address(file, page, "page"), "low").catch(() => {});
  }

  /** So many pages on or back, from file to file. */
  turn(step) {
    const pages = this.files[this.file].pages.length;
    const beside = this.file + step;
    if (this.page + step >= 1 && this.page + step <= pages) this.show(this.file, this.page + step);
    else if (this.files[beside]) this.show(beside, step > 0 ? 1 : this.files[beside].pages.length);
  }

  /** A line over the page. */
  say(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  #box([x0, top, x1, bottom], kind, data, wider = 0) {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("x", x0 - wider);
    rect.setAttribute("y", top - wider);
    rect.setAttribute("width", Math.max(1, x1 - x0) + 2 * wider);
    rect.setAttribute("height", Math.max(1, bottom - top) + 2 * wider);
    rect.setAttribute("rx", 1.5);
    rect.setAttribute("class", kind);
    for (const [name, value] of Object.entries(data)) rect.dataset[name] = value;
    return rect;
  }

  async #picture() {
    const wanted = `${this.file}.${this.page}`;
    const current = () => wanted === `${this.file}.${this.page}`;
    const plain = this.address(this.file, this.page, "page");
    const sharp = this.address(this.file, this.page, "sharp");
    if (this.shown !== plain && this.shown !== sharp) {
      if (!this.pictures.has(plain)) this.sheet.classList.add("waits");
      try {
        const bitmap = await this.pictures.get(plain, "high");
        if (current()) this.#put(plain, bitmap);
      } catch {
        if (current()) this.#missing();
        return;
      }
    }
    const close = this.size()[0] * this.scale * (window.devicePixelRatio || 1) > 1100 * 1.25;
    if (!current() || !close || this.shown === sharp) return;
    try {
      const bitmap = await this.pictures.get(sharp);
      if (current()) this.#put(sharp, bitmap);
    } catch {
      // the plain picture stays
    }
  }

  #put(address, bitmap) {
    this.tried = true;
    this.shown = address;
    this.#draw(bitmap);
    this.picture.hidden = false;
    this.picture.setAttribute("aria-label", `${this.files[this.file].name} ${this.told.page.replace("#", this.page)}`);
    this.sheet.classList.remove("waits");
  }

  /** Draw as many pixels as the window shows, smoothed: text stays legible when a page is made smaller. */
  #draw(bitmap) {
    const width = Math.max(1, Math.min(bitmap.width, Math.round(this.size()[0] * this.scale * (window.devicePixelRatio || 1))));
    const height = Math.max(1, Math.round((width * bitmap.height) / bitmap.width));
    this.picture.width = width;
    this.picture.height = height;
    const pen = this.picture.getContext("2d", { alpha: false });
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, width, height);
  }

  #paint() {
    const address = this.shown;
    cancelAnimationFrame(this.painting);
    this.painting = requestAnimationFrame(async () => {
      try {
        const bitmap = await this.pictures.get(address);
        if (this.shown === address) this.#draw(bitmap);
      } catch {
        // what was drawn stays
      }
    });
  }

  #missing() {
    this.tried = true;
    this.shown = "";
    this.picture.hidden = true;
    this.sheet.classList.remove("waits");
    this.say(this.told.noPicture);
  }

  #beside() {
    const pages = this.files[this.file].pages.length;
    this.prefetch([this.page + 1, this.page - 1].filter((page) => page >= 1 && page <= pages).map((page) => [this.file, page]));
  }

  async #boxes(file, page) {
    const key = `${file}.${page}`;
    if (this.read.has(key)) return;
    try {
      const answer = await fetch(`/cases/${this.review}/boxes?file=${file}&page=${page}`);
      if (!answer.ok) return;
      this.read.set(key, await answer.json());
    } catch {
      return;
    }
    if (this.read.size > 40) this.read.delete(this.read.keys().next().value);
    if (key === `${this.file}.${this.page}`) this.draw();
  }

  #listen() {
    const { stage, svg, tip } = this;
    let grip = null;
    stage.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      grip = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, moved: false };
    });
    window.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const [x, y] = [event.clientX - grip.x, event.clientY - grip.y];
      if (!grip.moved && Math.hypot(x, y) < 4) return;
      grip.moved = true;
      stage.classList.add("dragged");
      stage.scrollTo(grip.left - x, grip.top - y);
    });
    window.addEventListener("pointerup", () => {
      if (grip?.moved) setTimeout(() => stage.classList.remove("dragged"));
      grip = null;
    });
    svg.addEventListener("click", (event) => {
      if (stage.classList.contains("dragged")) return;
      const { finding, read } = event.target.dataset;
      if (finding) this.on.finding(finding);
      else if (read !== undefined) this.on.read(this.read.get(`${this.file}.${this.page}`)[Number(read)]);
    });
    svg.addEventListener("pointermove", (event) => this.#hover(event));
    svg.addEventListener("pointerleave", () => (tip.hidden = true));
    let beyond = 0;
    stage.addEventListener(
      "wheel",
      (event) => {
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          this.zoom(event.deltaY < 0 ? 1.12 : 1 / 1.12);
          return;
        }
        const down = event.deltaY > 0;
        const end = down ? stage.scrollTop + stage.clientHeight >= stage.scrollHeight - 1 : stage.scrollTop <= 0;
        beyond = end && event.deltaY ? beyond + event.deltaY : 0;
        if (Math.abs(beyond) <= 240) return;
        beyond = 0;
        this.turn(down ? 1 : -1);
        if (!down) stage.scrollTo(0, stage.scrollHeight);
      },
      { passive: false },
    );
    new ResizeObserver(() => this.opened && this.fitting && this.layout()).observe(stage);
  }

  #hover(event) {
    const { read, finding } = event.target.dataset || {};
    const box = read === undefined ? null : (this.read.get(`${this.file}.${this.page}`) || [])[Number(read)];
    const text = box ? `${box[4]}：${box[5]}  ${Math.round(box[6] * 100)}%` : finding ? this.on.name(finding) : "";
    const { tip, stage } = this;
    tip.hidden = !text;
    if (!text) return;
    if (tip.textContent !== text) tip.textContent = text;
    const around = stage.getBoundingClientRect();
    const left = Math.min(event.clientX - around.left + 14, around.width - tip.offsetWidth - 8);
    const top = Math.min(event.clientY - around.top + 18, around.height - tip.offsetHeight - 8);
    tip.style.transform = `translate(${stage.offsetLeft + Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }
};
