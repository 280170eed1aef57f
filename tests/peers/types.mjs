// TypeScript declarations of the request body and the answers, made from the schema documents:
//   node tests/peers/types.mjs > schemas/mailbox-schema.d.ts
import { readFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const NAMES = {
  request: "Body",
  "responses/accepted": "AcceptedBody",
  "responses/failure": "FailureBody",
  "responses/conflict": "ConflictBody",
  "responses/problem": "ProblemBody",
  "responses/summary": "SummaryBody",
};
const BANNER = `/* Made from the schema documents by: node tests/peers/types.mjs > schemas/mailbox-schema.d.ts */`;
// Numbers of items, which the generator would spell out as a tuple for each length up to 200.
const OPTIONS = { additionalProperties: false, bannerComment: "", ignoreMinAndMaxItems: true, unknownAny: true };

function read(name) {
  return JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), "utf8"));
}

// What TypeScript can say of a schema. A pattern behind $ref would stand in place of the type beside it; a
// title would become a type of its own for every field; if and then are nothing that a type could say.
function sayable(schema) {
  const { $ref, title, allOf, examples, $id, $schema, $defs, properties, items, ...rest } = schema;
  if ($ref && !rest.type) return { $ref };
  return {
    ...rest,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, sayable(value)])) }),
    ...(items && { items: sayable(items) }),
  };
}

const declarations = await Promise.all(
  Object.entries(NAMES).map(([document, name]) => {
    const { $defs, ...schema } = read(document);
    const reachable = $defs && { $defs: { mailbox: { ...sayable($defs.mailbox), title: "Mailbox" } } };
    return compile({ ...sayable(schema), ...reachable }, name, OPTIONS);
  }),
);
process.stdout.write([BANNER, ...declarations].join("\n"));
