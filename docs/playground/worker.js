// The worker of the playground: Python with the package in it, from a snapshot of its memory.
// docs/build.py puts Pyodide in front of this file, and LOCK, which names no packages to load.

const PLACE = "/tmp/mailboxes";
const PAGE = 65536; // bytes, of WebAssembly's memory
let python;

// All that Pyodide asks for is here: the page's policy forbids every connection, in this worker too.
async function start({ module, files, base }) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  self.fetch = async (url) => new Response(files[String(url).split("/").pop()] ?? null);
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const instance = await WebAssembly.instantiate(module, imports);
    // Pyodide doesn't: the snapshot may be larger than the memory that it begins with.
    const { memory } = instance.exports;
    memory.grow(Math.max(0, Math.ceil((files.snapshot.byteLength - memory.buffer.byteLength) / PAGE)));
    return { module, instance };
  };
  const pyodide = await globalThis.loadPyodide({
    createPyodideModule: _createPyodideModule,
    indexURL: base,
    lockFileContents: LOCK,
    // For what the snapshot has not loaded yet.
    fsInit: (fs) => ["package.zip", "dependencies.zip"].forEach((name) =>
      fs.writeFile(`/${name}`, new Uint8Array(files[name]))),
    _loadSnapshot: new Uint8Array(files.snapshot),
  });
  self.fetch = fetch;
  WebAssembly.instantiateStreaming = instantiateStreaming;
  python = { fs: pyodide.FS, functions: pyodide.pyimport("playground") };
}

function answer({ id, task, bytes, name, kind }) {
  const { fs, functions } = python;
  fs.writeFile(PLACE, bytes);
  if (task === "fix") {
    const fixed = JSON.parse(functions.fix(PLACE, name, kind));
    self.postMessage({ id, fixed, bytes: fs.readFile(PLACE) });
    return;
  }
  self.postMessage({ id, found: JSON.parse(functions.check(PLACE, name, kind)) });
  self.postMessage({ id, body: JSON.parse(functions.body(PLACE, name, kind)) });
}

self.onmessage = async ({ data }) => {
  try {
    if (data.task === "start") {
      await start(data);
      self.postMessage({ isReady: true });
    } else {
      answer(data);
    }
  } catch {
    self.postMessage({ hasFailed: true });
  }
};
