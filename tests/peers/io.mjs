// JSON in on standard input, JSON out on standard output.
import { text } from "node:stream/consumers";

export const given = async () => JSON.parse(await text(process.stdin));

// A lone surrogate leaves as the escape it came as.
export const say = (answer) =>
  process.stdout.write(
    JSON.stringify(answer).replace(/[^\0-\x7f]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")),
  );
