// The fields that the npm package exports: reads {project}. They can't be changed.
import { createRequire } from "node:module";
import { join } from "node:path";
import { given, say } from "./io.mjs";

const { project } = await given();
const { FIELDS } = createRequire(join(project, "/"))("mailbox-schema");
if (![FIELDS, ...FIELDS, ...FIELDS.map(({ limits }) => limits)].every(Object.isFrozen)) throw new Error("not frozen");
say(FIELDS);
