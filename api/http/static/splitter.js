"use strict";
// The bar between the page and the findings: dragged, or moved by arrow keys; where it stood last is kept in the browser.

(() => {
  const splitter = document.getElementById("splitter");
  if (!splitter) return;
  const resized = () => document.dispatchEvent(new CustomEvent("zs:resized"));

  function share(percent) {
    const now = Math.min(75, Math.max(25, Math.round(percent)));
    document.querySelector(".case-body").style.setProperty("--share", `${now}%`);
    splitter.setAttribute("aria-valuenow", now);
    try {
      localStorage.setItem("zs-share", now);
    } catch {
      // a browser that keeps nothing starts anew each time
    }
  }

  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    const around = splitter.parentElement.getBoundingClientRect();
    const move = (moved) => share((100 * (moved.clientX - around.left)) / around.width);
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("lostpointercapture", () => (splitter.removeEventListener("pointermove", move), resized()), { once: true });
  });
  splitter.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (!by) return;
    event.preventDefault();
    share(Number(splitter.getAttribute("aria-valuenow")) + by);
    resized();
  });
  try {
    const kept = Number(localStorage.getItem("zs-share"));
    if (kept) share(kept);
  } catch {
    // as above
  }
})();
