"use strict";

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const words = schema => {
  if (!schema) return "";
  if (schema.enum) return schema.enum.filter(value => value !== null).join(" | ");
  if (schema.oneOf || schema.anyOf) return (schema.oneOf || schema.anyOf).map(words).filter(Boolean).join(" | ");
  const bounds = [];
  if (schema.minimum !== undefined) bounds.push(`from ${schema.minimum}`);
  if (schema.maximum !== undefined) bounds.push(`to ${schema.maximum}`);
  const types = [schema.type || []].flat().filter(type => type !== "null");
  return [schema.format || types.join(" | "), ...bounds].join(" ");
};

const field = parameter => {
  const schema = parameter.schema || {};
  const input = make("input", { name: parameter.name, required: parameter.required === true });
  input.dataset.place = parameter.in;
  if (schema.default !== undefined) input.placeholder = String(schema.default);
  const name = make("span", { textContent: parameter.name, className: parameter.required ? "required" : "" });
  return make("label", { className: "field" }, name, input, make("small", { textContent: `${parameter.description || ""} ${words(schema)}` }));
};

const fields = schema => {
  const table = make("table", {}, make("tr", {}, make("th", { textContent: "field" }), make("th", { textContent: "values" }), make("th", { textContent: "default" }), make("th", { textContent: "says" })));
  for (const [name, value] of Object.entries(schema.properties || {})) {
    const required = (schema.required || []).includes(name);
    table.append(make("tr", {},
      make("td", {}, make("code", { textContent: name, className: required ? "required" : "" })),
      make("td", { textContent: words(value) }),
      make("td", { textContent: value.default === undefined ? "" : JSON.stringify(value.default) }),
      make("td", { textContent: value.description || "" })));
  }
  return make("details", {}, make("summary", { textContent: "fields of the body" }), make("div", { className: "answers" }, table));
};

const send = async (method, path, form, body, output) => {
  const query = new URLSearchParams();
  const headers = {};
  for (const input of form.querySelectorAll("input[data-place]")) {
    if (!input.value) continue;
    if (input.dataset.place === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    if (input.dataset.place === "query") query.append(input.name, input.value);
    if (input.dataset.place === "header") headers[input.name] = input.value;
  }
  const key = document.querySelector("#key input").value;
  if (key) headers.Authorization = `Bearer ${key}`;
  const content = body && body.value.trim();
  if (content) headers["Content-Type"] = "application/json";
  output.hidden = false;
  output.textContent = "…";
  try {
    const answer = await fetch(path + (query.size ? `?${query}` : ""), { method, headers, body: content || undefined });
    output.textContent = `${answer.status} ${answer.statusText}\n`;
    if ((answer.headers.get("Content-Type") || "").startsWith("text/event-stream")) {
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) output.textContent += part.value;
      return;
    }
    const text = await answer.text();
    try { output.textContent += JSON.stringify(JSON.parse(text), null, 2); } catch { output.textContent += text; }
  } catch (failure) {
    output.textContent = String(failure);
  }
};

const operation = (method, path, described) => {
  const form = make("form");
  for (const parameter of described.parameters || []) form.append(field(parameter));
  let body = null;
  const content = described.requestBody && described.requestBody.content["application/json"];
  if (content) {
    body = make("textarea", { spellcheck: false });
    const examples = Object.entries(content.examples || {});
    const show = example => { body.value = JSON.stringify(example.value, null, 2); };
    if (examples.length) {
      const choice = make("select", {}, ...examples.map(([name]) => make("option", { textContent: name })));
      choice.addEventListener("change", () => show(examples[choice.selectedIndex][1]));
      show(examples[0][1]);
      form.append(choice);
    }
    form.append(body, fields(content.schema));
  }
  const output = make("pre", { hidden: true });
  form.append(make("button", { textContent: "Send" }), output);
  form.addEventListener("submit", event => { event.preventDefault(); send(method.toUpperCase(), path, form, body, output); });
  const answers = make("div", { className: "answers" }, ...Object.entries(described.responses).map(([status, answer]) => make("div", {}, make("code", { textContent: status }), ` ${answer.description}`)));
  return make("details", {}, make("summary", {}, make("span", { className: "method", textContent: method.toUpperCase() }), make("code", { textContent: path }), ` ${described.summary}`), form, answers);
};

(async () => {
  const api = await (await fetch("/openapi/v1.json")).json();
  document.getElementById("description").textContent = api.info.description;
  document.getElementById("key").hidden = !api.security;
  const main = document.getElementById("operations");
  main.textContent = "";
  const tags = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      const tag = described.tags[0];
      if (!tags.has(tag)) {
        tags.set(tag, make("section", {}, make("h2", { textContent: tag })));
        main.append(tags.get(tag));
      }
      tags.get(tag).append(operation(method, path, described));
    }
  }
})();
