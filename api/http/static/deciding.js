"use strict";
// Deciding: forms that open under a finding, how many rows are chosen, and what is said when somebody else was faster.
(() => {
  const byId = (id) => document.getElementById(id);

  /** Put the caret where the next thing is to be typed. */
  function focusIn(form) {
    const field = form.querySelector("[data-focus]") || form.querySelector("input:not([type=hidden]):not([type=radio]), button");
    if (!field) return;
    field.focus();
    if (field.matches("[data-select]")) field.select();
  }

  function close(form) {
    if (!form) return;
    if (form.id === "correct-form") form.remove();
    else form.hidden = true;
    document.querySelector(`[data-opens="${form.id}"]`)?.setAttribute("aria-expanded", "false");
    byId("findings")?.focus();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      close(byId("correct-form"));
      const form = byId(opener.dataset.opens);
      form.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      focusIn(form);
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) close(byId(closer.dataset.closes));
    const emptier = event.target.closest("[data-empties]");
    if (emptier) byId(emptier.dataset.empties)?.replaceChildren();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const form = event.target.closest?.(".reason-form");
    if (form) {
      event.preventDefault();
      event.stopPropagation();
      close(form);
    }
  }, true);

  document.addEventListener("change", (event) => {
    if (!event.target.matches('#correct-form input[name="place"]')) return;
    const value = document.querySelector('#correct-form input[name="value"]');
    if (value) value.value = event.target.dataset.text;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.target.querySelector?.("[data-opened]");
    if (form) {
      const dismiss = byId("dismiss-form");
      if (dismiss) dismiss.hidden = true;
      focusIn(form);
    }
  });

  // What changed is told above the list, wherever the answer comes from.
  document.addEventListener("htmx:beforeSwap", () => {
    const list = byId("panel-findings");
    if (list && !byId("changes")) {
      const place = document.createElement("section");
      place.id = "changes";
      place.className = "changes";
      list.prepend(place);
    }
  });

  // What is wrong with a form is said in its place, where it stays in view and covers nothing.
  // Where somebody was faster, the finding or panel is shown as it stands now, with what happened beside it.
  const review = () => document.querySelector("[data-review]")?.dataset.review;
  const anew = {
    finding: () => `/cases/${review()}/findings/${byId("finding").dataset.fingerprint}`,
    "rows-panel": () => `/cases/${review()}/rows/panel`,
    "decision-panel": () => `/cases/${review()}/decision`,
  };

  function tell(id, text) {
    const place = byId(id)?.querySelector(".said");
    if (!place) return false;
    place.textContent = text;
    place.scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (anew[event.detail.target?.id]) tell(event.detail.target.id, "");
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, target, elt } = event.detail;
    const whole = (target && anew[target.id] && target) || elt.closest("#finding, #rows-panel, #decision-panel");
    if (!whole || ![403, 409, 422].includes(xhr.status)) return;
    let problem;
    try {
      problem = JSON.parse(xhr.responseText);
    } catch {
      return;
    }
    const said = problem.detail || problem.title;
    if (!tell(whole.id, said)) return;
    event.stopImmediatePropagation();
    if (xhr.status !== 409) return;
    const { id } = whole;
    htmx.ajax("GET", anew[id](), { target: `#${id}`, swap: "outerHTML" }).then(() => tell(id, said));
  }, true);

  document.addEventListener("zs:rows", (event) => {
    const told = byId("rows-chosen");
    if (!told) return;
    const count = event.detail?.count || 0;
    told.textContent = count ? `${told.dataset.some} ${count}` : told.dataset.none;
  });
})();
