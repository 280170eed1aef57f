// Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text, without
// a flag, with u, and with v: all three have to agree.
import assert from "node:assert/strict";
import { given, say } from "../io.mjs";

const { patterns, texts } = await given();
say(
  patterns.map((pattern) => {
    const [first, ...others] = ["", "u", "v"].map((flag) => texts.map((text) => new RegExp(pattern, flag).test(text)));
    for (const other of others) assert.deepEqual(other, first, pattern);
    return first;
  }),
);
