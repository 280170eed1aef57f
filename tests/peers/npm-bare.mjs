// The npm package in a context that has the language's own globals only: reads {project, body}, writes the lines.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { given, say } from "./io.mjs";

const { project, body } = await given();
const script = readFileSync(join(project, "node_modules/mailbox-schema/index.cjs"), "utf8");
const context = createContext({ text: JSON.stringify(body) });
const run = `const module = {exports: {}}; ${script}; JSON.stringify(module.exports.validate(JSON.parse(text)));`;
say(JSON.parse(runInContext(run, context)));
