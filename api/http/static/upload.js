"use strict";
// Files by drag and drop or choice, several times over; sent in one request that shows how far it is and what is wrong with what.
(() => {
  const form = document.getElementById("upload");
  const input = document.getElementById("files");
  const drop = document.getElementById("drop");
  const list = document.getElementById("chosen");
  const total = document.getElementById("total");
  const sent = document.getElementById("sent");
  const failed = document.getElementById("failed");
  const submit = form.querySelector("button[type=submit]");
  const said = form.dataset;
  let chosen = [];

  const megabytes = (bytes) => (bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
  const reason = (file) => (file.size === 0 ? said.empty : file.size > Number(said.mostBytes) ? said.tooLarge : "");

  function say(text) {
    failed.hidden = !text;
    failed.querySelector("span").textContent = text;
  }

  function mark(name, text) {
    const place = document.getElementById(`wrong-${name}`);
    if (!place) return false;
    place.textContent = text;
    place.hidden = !text;
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLElement) field.toggleAttribute("aria-invalid", false);
    if (text && field instanceof HTMLElement) field.setAttribute("aria-invalid", "true");
    return true;
  }

  function draw() {
    list.replaceChildren(
      ...chosen.map((file) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        name.className = "name";
        name.textContent = file.name;
        const size = document.createElement("span");
        size.className = "size";
        size.textContent = reason(file) || megabytes(file.size);
        item.classList.toggle("bad", reason(file) !== "");
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "quiet small";
        remove.textContent = said.remove;
        remove.setAttribute("aria-label", `${said.remove} ${file.name}`);
        remove.addEventListener("click", () => {
          chosen = chosen.filter((one) => one !== file);
          draw();
          input.focus();
        });
        item.append(name, size, remove);
        return item;
      }),
    );
    const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
    total.textContent = chosen.length ? `${chosen.length} · ${megabytes(bytes)}` : "";
  }

  function add(files) {
    const known = new Set(chosen.map((file) => `${file.name}/${file.size}/${file.lastModified}`));
    for (const file of files) if (!known.has(`${file.name}/${file.size}/${file.lastModified}`)) chosen.push(file);
    mark("files", "");
    say("");
    draw();
  }

  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  // The whole window takes files, so that one dropped beside the box does not leave the page.
  for (const name of ["dragenter", "dragover"]) {
    window.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    add(event.dataTransfer.files);
  });

  function fault() {
    const bad = chosen.find((file) => reason(file));
    if (!chosen.length) return said.none;
    if (bad) return `${bad.name}: ${reason(bad)}`;
    if (chosen.length > Number(said.mostFiles)) return said.tooMany;
    if (chosen.reduce((sum, file) => sum + file.size, 0) > Number(said.mostRequest)) return said.tooMuch;
    return "";
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const place of form.querySelectorAll(".wrong")) mark(place.id.slice("wrong-".length), "");
    const first = fault();
    if (first) {
      mark("files", first);
      input.focus();
      return;
    }
    say("");
    const data = new FormData(form);
    data.delete("files");
    for (const file of chosen) data.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Accept", "application/problem+json");
    request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf-token"]').content);
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) sent.value = (100 * step.loaded) / step.total;
    });
    request.addEventListener("load", () => {
      const address = request.getResponseHeader("HX-Redirect");
      if (request.status < 300 && address) {
        location.assign(address);
        return;
      }
      let problem = {};
      try {
        problem = JSON.parse(request.responseText);
      } catch {
        problem = {};
      }
      done();
      let rest = problem.detail || problem.title || document.getElementById("toasts").dataset.failed;
      for (const one of problem.errors ?? []) if (!mark(one.pointer.slice(1), one.detail)) rest += ` ${one.detail}`;
      say(rest);
      form.querySelector("[aria-invalid=true]")?.focus();
    });
    request.addEventListener("error", () => {
      done();
      say(document.getElementById("toasts").dataset.away);
    });
    submit.disabled = true;
    sent.hidden = false;
    sent.value = 0;
    total.textContent = `${said.sending}…`;
    request.send(data);
  });

  function done() {
    submit.disabled = false;
    sent.hidden = true;
    draw();
  }
})();
