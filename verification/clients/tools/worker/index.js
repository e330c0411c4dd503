export default {
  async fetch(request, env) {
    const key = new URL(request.url).pathname.slice(1);
    if (request.method === "PUT") {
      await env.KV.put(key, await request.text());
      return new Response("stored");
    }
    return new Response(await env.KV.get(key));
  },
};
