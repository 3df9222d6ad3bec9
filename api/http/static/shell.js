"use strict";
// What every page does: the CSRF token on every HTMX request, and messages when one fails.
(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]').content;

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = token();
  });

  const toasts = () => document.getElementById("toasts");

  /** Show a short message; `bad` ones stay until they are closed. */
  function toast(text, bad = false) {
    const here = toasts();
    const box = document.createElement("div");
    box.className = bad ? "toast bad" : "toast";
    if (bad) box.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "quiet";
    close.textContent = here.dataset.close;
    close.addEventListener("click", () => box.remove());
    box.append(words, close);
    here.append(box);
    while (here.children.length > 4) here.firstElementChild.remove();
    if (!bad) setTimeout(() => box.remove(), 5000);
  }
  window.zsToast = toast;

  document.addEventListener("htmx:responseError", (event) => {
    let said = "";
    try {
      const problem = JSON.parse(event.detail.xhr.responseText);
      said = problem.detail || problem.title;
    } catch {
      said = "";
    }
    toast(said || toasts().dataset.failed, true);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!event.target.closest?.("[data-background]")) toast(toasts().dataset.away, true);
    });
  }
})();
