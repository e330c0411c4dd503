// Lines of JSON, {"key","value"} each, read as they arrive: POST / stores them, GET /KEY reads one back.

const AT_A_TIME = 50;

export default {
  async fetch(request, env) {
    if (request.method === "POST") {
      return Response.json(await load(request.body, env.PRODUCTS));
    }
    const value = await env.PRODUCTS.get(decodeURIComponent(new URL(request.url).pathname.slice(1)) || "?");
    return value === null ? new Response("no such product\n", { status: 404 }) : new Response(value);
  },
};

// Memory holds only a part of the body and a few writes at any time.
async function load(body, kv) {
  const result = { stored: 0, refused: [] };
  let waiting = [];
  let number = 0;
  for await (const line of lines(body)) {
    number += 1;
    waiting.push(store(line, number, kv, result));
    if (waiting.length === AT_A_TIME) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  return result;
}

async function store(line, number, kv, result) {
  try {
    const { key, value, ...options } = JSON.parse(line);
    await kv.put(key, typeof value === "string" ? value : JSON.stringify(value), options);
    result.stored += 1;
  } catch (failure) {
    result.refused.push({ line: number, why: failure.message });
  }
}

async function* lines(body) {
  let rest = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const split = (rest + piece).split("\n");
    rest = split.pop();
    yield* split.filter((line) => line.trim() !== "");
  }
  if (rest.trim() !== "") {
    yield rest;
  }
}
