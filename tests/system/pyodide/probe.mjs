// node probe.mjs SITE TESTS: run tests/system/probe.py in Pyodide, with the packages in the folder SITE.
import { loadPyodide } from "pyodide";

const [site, tests] = process.argv.slice(2);
const python = await loadPyodide();
for (const [folder, name] of [[site, "/site"], [tests, "/tests"]]) {
  python.FS.mkdirTree(name);
  python.mountNodeFS(name, folder);
}
python.runPython(`
import runpy, sys
sys.path.insert(0, "/site")
sys.argv = ["probe.py", "/tests"]
runpy.run_path("/tests/system/probe.py", run_name="__main__")
`);
