// A Worker in the older syntax: its KV is a global.

addEventListener("fetch", (event) => event.respondWith(answer(event.request)));

async function answer(request) {
  const key = new URL(request.url).pathname.slice(1);
  if (request.method === "PUT") {
    await KV.put(key, request.body);
    return new Response("stored");
  }
  try {
    return new Response(await KV.get(key));
  } catch (failure) {
    return new Response(failure.message);
  }
}
