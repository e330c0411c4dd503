// A Worker that puts what it receives, and answers with what came of it.

export default {
  async fetch(request, env) {
    const key = new URL(request.url).pathname.slice(1);
    try {
      await env.KV.put(key, await request.text());
      return new Response("made");
    } catch (failure) {
      return new Response(failure.message);
    }
  },
};
