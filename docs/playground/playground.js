// The page of the playground. It loads all files, gives up every connection, and only then takes a text in.
// A worker checks the text: worker.js.

// From then on, nothing can be fetched, and no script loaded: here, and in the worker, which inherits it.
const POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; base-uri 'none'; form-action 'none'";
const MOST_BYTES = 8 * 1024 * 1024;
const FAILED = "The check has failed: the file is nested too deeply, or the page has a mistake. Go on with another text.";
const NOT_LOADED = "The package can't be loaded: reload the page, or use the command.";
// What begins at a place: a text in quotes, or a word.
const WORD = /"(?:[^"\\\n]|\\.)*"|[^\s,;\]}]+/y;
const LINES_ABOVE = 3;

const element = (id) => document.getElementById(id);
const text = element("text");

let worker;
let startWorker;
let bytes; // of the file as it was opened or fixed; undefined as soon as it is edited here
let name = "";
let number = 0; // of the last question
let isWaiting = false;
let next = null; // the task that waits, while another one is being done
let known = new Set(); // the violations that are shown

// Loading

async function load(file) {
  const response = await fetch(new URL(file, import.meta.url));
  if (!response.ok) throw new Error(file);
  return response;
}

async function loaded(file, read) {
  const response = await load(file);
  const length = Number(response.headers.get("Content-Length"));
  const result = await read(response);
  element("progress").value += length;
  return result;
}

const unpack = (response) =>
  new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
const buffer = (response) => response.arrayBuffer();

async function start() {
  const [module, script, snapshot, library, packaged, dependencies] = await Promise.all([
    loaded("pyodide.asm.wasm", (response) => WebAssembly.compileStreaming(response)),
    loaded("worker.js", (response) => response.text()),
    loaded("snapshot.gz", unpack),
    loaded("python_stdlib.zip", buffer),
    loaded("package.zip", buffer),
    loaded("dependencies.zip", buffer),
  ]);
  forbidConnections();
  const source = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const files = {
    snapshot,
    "python_stdlib.zip": library,
    "package.zip": packaged,
    "dependencies.zip": dependencies,
  };
  startWorker = () => {
    worker = new Worker(source, { type: "module" });
    worker.onmessage = ({ data }) => receive(data);
    worker.onerror = fail;
    isWaiting = true;
    worker.postMessage({ task: "start", module, files, base: location.origin });
  };
  startWorker();
}

function forbidConnections() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = POLICY;
  document.head.append(policy);
}

// Questions and answers

function ask(task) {
  number += 1;
  setBusy(true);
  if (isWaiting) {
    next = task;
    return;
  }
  next = null;
  isWaiting = true;
  const given = bytes ?? new TextEncoder().encode(text.value);
  worker.postMessage({ id: number, task, bytes: given, name, kind: element("kind").value });
}

function receive({ id, isReady, hasFailed, found, fixed, bytes: changed, body }) {
  isWaiting = Boolean(found); // the body follows
  if (hasFailed) {
    fail();
  } else if (isReady && element("controls").disabled) {
    element("progress").hidden = true;
    element("controls").disabled = false;
    ask("check");
  } else if (next !== null) {
    // The text has changed in the meantime, so this answer is about another one.
    if (!isWaiting) ask(next);
  } else if (id !== number) {
    return;
  } else if (found) {
    showFindings(found);
  } else if (body) {
    showBody(body);
  } else if (fixed) {
    showFixed(fixed, changed);
  }
}

// Python doesn't survive every error, such as a stack that is too deep for the browser. Another worker goes on.
function fail() {
  const hasWorked = !element("controls").disabled;
  element("progress").hidden = true;
  refuse(hasWorked ? FAILED : NOT_LOADED);
  worker.terminate();
  if (hasWorked) startWorker();
}

const setBusy = (isBusy) => element("answers").setAttribute("aria-busy", isBusy);

// Answers

function clearAnswers() {
  for (const id of ["findings", "more", "obstacles"]) element(id).replaceChildren();
  element("refused").textContent = "";
  element("body").value = "";
  element("sendable").hidden = true;
}

function showFindings({ summary, findings, more }) {
  clearAnswers();
  element("status").textContent = summary;
  known = new Set(findings.filter((each) => each.severity === "error").map(identity));
  element("findings").append(...findings.map(item));
  element("more").append(...more.map((line) => filled("li", line)));
}

const identity = ({ line, column, rule }) => `${line}:${column}:${rule}`;

function filled(tag, content, kind) {
  const made = document.createElement(tag);
  made.textContent = content;
  if (kind) made.className = kind;
  return made;
}

function item({ line, column, severity, message, rule, hint, isFixable }) {
  const made = document.createElement("li");
  const place = line ? `${line}:${column}: ` : "";
  const jump = filled("button", `${place}${severity}: ${message}`, severity);
  jump.type = "button";
  jump.onclick = () => select(line ?? 1, column ?? 1);
  made.append(jump);
  if (rule) {
    const link = filled("a", `[${rule}]`);
    link.href = `rules.html#${rule}`;
    link.target = "_blank";
    link.setAttribute("aria-label", `the rule ${rule}, in a new tab`);
    made.append(" ", link);
  }
  if (isFixable) made.append(" [*]");
  if (hint) made.append(filled("p", `hint: ${hint}`));
  return made;
}

function showBody({ text: lines, refusal, findings }) {
  setBusy(false);
  element("body").value = lines;
  element("sendable").hidden = !lines;
  element("refused").textContent = refusal;
  element("obstacles").append(...findings.filter((each) => !known.has(identity(each))).map(item));
}

function showFixed(fixed, changed) {
  if (fixed.length) show(changed);
  const lines = fixed.map((line) => filled("li", line));
  const list = document.createElement("ul");
  list.append(...lines);
  element("fixed").replaceChildren(fixed.length ? "Fixed:" : "There is nothing that is certain to fix.", list);
  ask("check");
}

function select(line, column) {
  const from = offset(text.value, line, column);
  WORD.lastIndex = from;
  const to = WORD.test(text.value) ? WORD.lastIndex : from;
  text.focus();
  text.setSelectionRange(from, to);
  const height = Number.parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, line - 1 - LINES_ABOVE) * height;
}

// A column counts characters; a text area, UTF-16 code units.
function offset(content, line, column) {
  let at = 0;
  for (let passed = 1; passed < line; passed += 1) at = content.indexOf("\n", at) + 1 || content.length;
  for (let passed = 1; passed < column && at < content.length; passed += 1) {
    at += content.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

// What a person does

function show(content) {
  bytes = content;
  text.value = new TextDecoder().decode(content);
}

async function open(file) {
  if (element("controls").disabled) return;
  element("fixed").replaceChildren();
  if (file.size > MOST_BYTES) {
    refuse("The file is larger than 8 MB, too large for this page: use the command.");
    return;
  }
  setBusy(true);
  try {
    show(new Uint8Array(await file.arrayBuffer()));
    name = file.name;
    ask("check");
  } catch {
    refuse("The file can't be read.");
  }
}

function refuse(reason) {
  clearAnswers();
  setBusy(false);
  element("status").textContent = reason;
}

// What is edited has no name any more: another text may have been pasted in its place.
function edit() {
  bytes = undefined;
  name = "";
  element("fixed").replaceChildren();
  ask("check");
}

text.oninput = edit;
element("kind").onchange = () => ask("check");
element("fix").onclick = () => ask("fix");
element("clear").onclick = () => {
  text.value = "";
  edit();
  text.focus();
};
element("open").onchange = ({ target }) => {
  if (target.files.length) open(target.files[0]);
  target.value = ""; // so that the same file can be opened again
};
// A text that is dropped into the text area is the browser's to insert.
document.ondragover = (event) => {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
};
document.ondrop = (event) => {
  const [file] = event.dataTransfer.files;
  if (!file) return;
  event.preventDefault();
  open(file);
};

start().catch(() => {
  element("progress").hidden = true;
  element("status").textContent = NOT_LOADED;
});
