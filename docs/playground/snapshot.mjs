// Takes the snapshot that the playground starts from: Python's memory with the package loaded.
// node snapshot.mjs PYODIDE PACKAGE.zip DEPENDENCIES.zip PLAYGROUND.py SNAPSHOT
// Without it, a browser takes several times longer: Pyodide compiles each module of the standard library anew.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, packageZip, dependencies, playground, snapshot] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ indexURL: folder, _makeSnapshot: true });
pyodide.FS.writeFile("/package.zip", readFileSync(packageZip));
pyodide.FS.writeFile("/dependencies.zip", readFileSync(dependencies));
pyodide.FS.writeFile("/tmp/playground.py", readFileSync(playground));
pyodide.runPython(`
import sys

sys.path[:0] = ["/package.zip", "/dependencies.zip", "/tmp"]
sys.dont_write_bytecode = True
import playground

# Each loads what it needs: the modules of the four types, of addresses and domains, of hints and fixes.
BROKEN = {
    "json": '[{"smtp_email": "a@b\\\\u00fc.c", "smtp_port": "465", "bcc": "x", "open_tracking_domain": "https://\\\\u00fc.de/"}, {"smtp_prt": 1}]',
    "yaml": "- smtp_port: '465'\\n  smtp_password: 012\\n  # mailbox-schema: ignore[port]\\n  bcc: a b\\n",
    "csv": "smtp_email,smtp_port\\nx, 465\\n1,2,3\\n",
    "jsonl": '{"smtp_port": "465"}\\n{\\n',
}
VALID = '{"smtp_email": "a@b.com", "smtp_password": "x", "smtp_server": "b.com", "smtp_port": 465, "imap_email": "a@b.com", "imap_password": "x", "imap_server": "b.com", "imap_port": 993}'
for kind, text in [*BROKEN.items(), ("json", VALID), ("jsonl", VALID), ("json", "[")]:
    for function in (playground.check, playground.body, playground.fix):
        with open("/tmp/mailboxes", "w") as file:
            file.write(text)
        function("/tmp/mailboxes", "", kind)
        function("/tmp/mailboxes", "", "")
`);
writeFileSync(snapshot, pyodide.makeMemorySnapshot());
