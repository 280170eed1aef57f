// Compiles schemas to TypeScript: reads {name: schema} on standard input, writes the declarations.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { compile } = createRequire(new URL("../../tests/peers/", import.meta.url))("json-schema-to-typescript");

const OPTIONS = { additionalProperties: false, bannerComment: "" };

const schemas = Object.entries(JSON.parse(await text(process.stdin)));
const declarations = await Promise.all(schemas.map(([name, schema]) => compile(schema, name, OPTIONS)));
process.stdout.write(declarations.join("\n"));
