// The npm package: reads {project, body}, writes the lines.
import { createRequire } from "node:module";
import { join } from "node:path";
import { given, say } from "./io.mjs";

const { project, body } = await given();
say(createRequire(join(project, "/"))("mailbox-schema").validate(body));
