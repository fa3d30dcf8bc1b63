// Checks the provider, its tests and the example DAGs by the rules of pyproject.toml: node ruff.mjs FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { parse } from "smol-toml";

const folder = process.argv[2];
const { lint, src, ...settings } = parse(readFileSync(join(folder, "pyproject.toml"), "utf8")).tool.ruff;
const { "per-file-ignores": ignoredIn, ...rules } = lint;

// The build for WebAssembly sees texts and no files: in which of them a rule is ignored is told to it.
let findings = 0;
for (const group of src) {
  const ignored = Object.entries(ignoredIn).filter(([files]) => files === `${group}/**`).flatMap(([, codes]) => codes);
  const workspace = new Workspace({ ...settings, lint: { ...rules, ignore: [...rules.ignore, ...ignored] } }, PositionEncoding.Utf32);
  for (const name of readdirSync(join(folder, group), { recursive: true }).filter((one) => one.endsWith(".py")).sort()) {
    const text = readFileSync(join(folder, group, name), "utf8");
    for (const { code, message, start_location: at } of workspace.check(text)) {
      console.log(`${group}/${name}:${at.row}:${at.column}: ${code} ${message}`);
      findings++;
    }
    if (workspace.format(text) !== text) {
      console.log(`${group}/${name}: is not as 'ruff format' writes it`);
      findings++;
    }
  }
}
console.log(`${findings} findings`);
process.exitCode = findings ? 1 : 0;
