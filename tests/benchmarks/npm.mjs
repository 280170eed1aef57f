// What the npm package costs next to ajv: reads {project, schema, bodies, rounds}, bodies by name; see npm.py.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";

const { project, schema, bodies, rounds } = JSON.parse(await text(process.stdin));
const peers = createRequire(new URL("../peers/", import.meta.url));
const { buildSync } = peers("esbuild");

// What a user of each writes: the lines of a body.
const OURS = `import { validate } from "mailbox-schema"; export const lines = validate;`;
const AJV = `
  import Ajv from "ajv"; import addErrors from "ajv-errors"; import addFormats from "ajv-formats";
  import schema from "./request-ajv-errors.schema.json";
  const ajv = new Ajv({ allErrors: true, $data: true }); addErrors(ajv); addFormats(ajv);
  const validate = ajv.compile(schema);
  export const lines = (body) => (validate(body) ? [] : [...new Set(validate.errors.map((error) => error.message))]);`;

function bundled(name, source) {
  const file = join(project, `${name}.js`);
  writeFileSync(join(project, "request-ajv-errors.schema.json"), JSON.stringify(schema));
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: project },
    nodePaths: [join(peers.resolve("ajv/package.json"), "../..")],
    bundle: true, minify: true, format: "cjs", platform: "browser", write: false,
  });
  writeFileSync(file, outputFiles[0].contents);
  return { file, minified: outputFiles[0].contents.length, compressed: gzipSync(outputFiles[0].contents, { level: 9 }).length };
}

function milliseconds(act) {
  const start = performance.now();
  act();
  return performance.now() - start;
}

// In turn, each on a body of its own, because a body that was seen before is in the caches. The lowest of all rounds:
// whatever else the machine does can only take time.
function compared(judges, data) {
  const times = judges.map(() => []);
  const parsing = [];
  for (let round = 0; round < rounds; round++) {
    judges.forEach((lines, number) => {
      let body;
      parsing.push(milliseconds(() => (body = JSON.parse(data))));
      times[number].push(milliseconds(() => lines(body)));
    });
  }
  return { parse: Math.min(...parsing), ours: Math.min(...times[0]), ajv: Math.min(...times[1]) };
}

const bundles = [bundled("ours", OURS), bundled("ajv", AJV)];
const load = createRequire(join(project, "/"));
const first = JSON.stringify(Object.values(bodies)[0]);
const starts = bundles.map(({ file }) => milliseconds(() => load(file).lines(JSON.parse(first))));
const judges = bundles.map(({ file }) => load(file).lines);
const speeds = Object.entries(bodies).map(([name, body]) => [name, compared(judges, JSON.stringify(body))]);
process.stdout.write(JSON.stringify({ node: process.versions.node, bundles, starts, speeds: Object.fromEntries(speeds) }));
