// The npm package, as it is installed: reads {project, bodies}; writes, for each body, the lines of both entry points.
import { inspect } from "node:util";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { given, say } from "./io.mjs";

const { project, bodies } = await given();
const required = createRequire(join(project, "/"))("mailbox-schema");
const imported = await import(pathToFileURL(join(project, "node_modules/mailbox-schema/index.js")));

function judged({ validate, violations, isValid, ensureValid, InvalidBody }, body) {
  const lines = validate(body);
  const found = violations(body);
  let printed = "";
  const same = (value) => JSON.stringify(value) === JSON.stringify(lines);
  if (isValid(body) !== (lines.length === 0)) throw new Error("isValid and validate differ");
  try {
    if (ensureValid(body) !== body || lines.length > 0) throw new Error("ensureValid returned another body");
  } catch (error) {
    if (!(error instanceof InvalidBody) || error.name !== "InvalidBody") throw error;
    if (!same(error.details) || !same(error.response.details)) throw new Error("ensureValid and validate differ");
    if (error.message !== lines.join("\n")) throw new Error("the message isn't the lines");
    if (JSON.stringify(error.violations) !== JSON.stringify(found)) throw new Error("InvalidBody and violations differ");
    const { stack, ...shown } = Object.getOwnPropertyDescriptors(error);
    printed = [String(error), JSON.stringify(error), inspect(shown, { depth: Infinity, showHidden: true })].join("\n");
  }
  return { lines, violations: found, printed };
}

say(bodies.map((body) => [imported, required].map((entry) => judged(entry, body))));
