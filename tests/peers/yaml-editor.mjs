// The engine of VS Code's YAML support: reads {schema, requests} on standard input, answers as editor.mjs does.
import { createRequire } from "node:module";
import { TextDocument } from "vscode-languageserver-textdocument";
import { given, say } from "./io.mjs";

const require = createRequire(import.meta.url);
const { getLanguageService } = require("yaml-language-server/lib/umd/languageservice/yamlLanguageService.js");
const { SettingsState } = require("yaml-language-server/lib/umd/yamlSettings.js");

const { schema, requests } = await given();
const service = getLanguageService({
  schemaRequestService: async () => JSON.stringify(schema),
  workspaceContext: { resolveRelativePath: (path) => path },
  telemetry: { send: () => {}, sendError: (name, error) => { throw new Error(`${name}: ${JSON.stringify(error)}`); }, sendTrack: () => {} },
  yamlSettings: new SettingsState(),
  clientCapabilities: {},
});
service.configure({
  validate: true, hover: true, completion: true, customTags: [], yamlVersion: "1.2",
  schemas: [{ uri: "file:///schema.json", fileMatch: ["*.yaml"] }],
});

const answer = async ({ text, offset }, number) => {
  const document = TextDocument.create(`file:///${number}.yaml`, "yaml", 1, text);
  const position = document.positionAt(offset);
  const completion = await service.doComplete(document, position, false);
  const hover = await service.doHover(document, position);
  const diagnostics = await service.doValidation(document, false);
  return {
    completions: (completion?.items ?? []).map((item) => [item.label, item.documentation?.value ?? item.documentation ?? ""]),
    hover: hover?.contents.value ?? "",
    diagnostics: diagnostics.map(({ range, message }) => [
      document.getText(range), [range.start.line, range.start.character], message,
    ]),
  };
};
say(await Promise.all(requests.map(answer)));
