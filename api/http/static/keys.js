"use strict";
// The keyboard of the case page: everything without a mouse. `?` shows the map.
(() => {
  const help = document.getElementById("help");
  if (!help) return;
  const open = () => help.open || help.showModal();
  document.getElementById("help-open").addEventListener("click", open);

  let going = null; // the number that is typed after G

  const tabs = ["findings", "fields", "rows", "registries", "history", "decision"];
  const press = (key) => {
    const button = document.querySelector(`#finding [data-key="${key}"]:not(:disabled)`);
    if (!button) return false;
    // What has just been swapped in listens a moment later: a quick hand must not be lost, nor send the form by itself.
    if (button.closest(".htmx-added")) document.addEventListener("htmx:afterSettle", () => press(key), { once: true });
    else button.click();
    return true;
  };
  const KEYS = {
    j: () => zs.next(),
    k: () => zs.previous(),
    o: () => zs.other(),
    d: () => press("D"),
    e: () => press("E"),
    i: () => press("I"),
    u: () => press("U"),
    r: () => zs.rotate(),
    b: () => zs.look("boxes"),
    "+": () => zs.look("larger"),
    "=": () => zs.look("larger"),
    "-": () => zs.look("smaller"),
    0: () => zs.look("width"),
    PageDown: () => zs.look("next"),
    PageUp: () => zs.look("previous"),
    "/": () => search(),
    "?": open,
    g: () => goTo(),
  };

  function search() {
    const field = document.getElementById(document.getElementById("panel-rows").hidden ? "find" : "rows-q");
    if (field.id === "find") zs.tab("findings");
    field.focus();
    field.select();
  }

  function goTo() {
    going = "";
    const field = document.getElementById("page");
    field.focus();
    field.value = "";
  }

  const typing = (target) =>
    target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !zs.next) return;
    const { target, key } = event;
    if (target.closest("dialog[open]") || document.querySelector("dialog[open]")) return;
    if (typing(target)) {
      if (key === "Escape") {
        if (target.id === "page") target.value = zs.viewer.page;
        target.blur();
        document.getElementById("findings").focus({ preventScroll: true });
      }
      if (key === "Enter" && target.id === "page" && going !== null) {
        going = null;
        event.preventDefault();
        zs.page(Number(target.value));
        document.getElementById("findings").focus({ preventScroll: true });
      }
      return;
    }
    if (key === "Enter") {
      // Enter belongs to what is focused, where that does something with it.
      if (target.closest("button, a, summary, [role=tab], input, .rows-view")) return;
      if (press("Enter")) event.preventDefault();
      return;
    }
    if (/^[1-6]$/.test(key)) {
      event.preventDefault();
      zs.tab(tabs[Number(key) - 1], true);
      return;
    }
    if (target.closest(".rows-view") && /^(Page|Arrow|Home|End)/.test(key)) return;
    const act = KEYS[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
