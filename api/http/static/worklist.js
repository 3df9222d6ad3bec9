"use strict";
// The work list by keyboard: / searches, J and K move from case to case, Enter opens, N hands in papers.
(() => {
  const links = () => [...document.querySelectorAll(".cases .who a")];

  function move(step) {
    const all = links();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("q");
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === search && event.key === "Escape") {
      event.preventDefault(); // a browser would clear the search, which is not what leaving it means
      search.blur();
      return;
    }
    if (event.target.closest("input:not([type=radio]), select, textarea")) {
      if (event.target === search && event.key === "ArrowDown") {
        event.preventDefault();
        move(1);
      }
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "/") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (key === "j" || (key === "arrowdown" && links().includes(document.activeElement))) {
      event.preventDefault();
      move(1);
    } else if (key === "k" || (key === "arrowup" && links().includes(document.activeElement))) {
      event.preventDefault();
      move(-1);
    } else if (key === "n") {
      document.querySelector('[data-key="n"]')?.click();
    }
  });

  // Lines that are drawn anew while a case is read keep the focus.
  let focused = "";
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    focused = event.detail.target.contains(document.activeElement) ? event.detail.target.id : "";
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    if (focused) document.getElementById(focused)?.querySelector(".who a")?.focus();
    focused = "";
  });
})();
