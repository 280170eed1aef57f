// Which Node this is.
import { say } from "./io.mjs";

say(process.versions.node);
