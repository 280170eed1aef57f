// Adds and removes mailboxes without loading the page again, so that typed passwords stay.
"use strict";

const form = document.querySelector("form");
const total = form.elements["mailboxes-TOTAL_FORMS"];
const NAMES = ["id", "name", "for", "aria-describedby"];

function rows() {
  return [...form.querySelectorAll("fieldset")];
}

function renumber() {
  rows().forEach((row, index) => {
    row.querySelector("legend").textContent = row.dataset.legend.replace("0", index + 1);
    row.querySelector("[name=remove]").value = index;
    for (const name of NAMES) {
      for (const element of row.querySelectorAll(`[${name}]`)) {
        const text = element.getAttribute(name);
        element.setAttribute(name, text.replace(/mailboxes-(\d+|__prefix__)-/g, `mailboxes-${index}-`));
      }
    }
  });
  total.value = rows().length;
  for (const button of form.querySelectorAll("[name=remove]")) {
    button.hidden = rows().length === 1;
  }
}

form.addEventListener("click", (event) => {
  const { name } = event.target;
  if (name !== "add" && name !== "remove") return;
  event.preventDefault();
  const last = rows().at(-1);
  if (name === "add") {
    last.after(document.querySelector("#blank").content.cloneNode(true));
    renumber();
    rows().at(-1).querySelector("input").focus();
  } else if (rows().length > 1) {
    event.target.closest("fieldset").remove();
    renumber();
    form.querySelector("[name=add]").focus();
  }
});
