// Files of a site with their content types: PUT /path uploads one, GET /path serves it.

export default {
  async fetch(request, env) {
    const path = decodeURIComponent(new URL(request.url).pathname);
    return request.method === "PUT" ? upload(path, request, env) : serve(path, request, env.SITE);
  },
};

async function upload(path, request, env) {
  if (request.headers.get("Authorization") !== `Bearer ${env.UPLOAD_TOKEN}`) {
    return new Response("send the header Authorization: Bearer TOKEN\n", { status: 401 });
  }
  const type = request.headers.get("Content-Type") ?? "application/octet-stream";
  await env.SITE.put(`file:${path}`, request.body, { metadata: { type, etag: `"${crypto.randomUUID()}"` } });
  return new Response("uploaded\n", { status: 201 });
}

async function serve(path, request, kv) {
  const file = path.endsWith("/") ? `${path}index.html` : path;
  const { value, metadata } = await kv.getWithMetadata(`file:${file}`, "stream");
  if (value === null) {
    return new Response("page not found\n", { status: 404 });
  }
  const headers = { "Content-Type": metadata.type, ETag: metadata.etag, "Cache-Control": "max-age=60" };
  if (request.headers.get("If-None-Match") === metadata.etag) {
    await value.cancel();
    return new Response(null, { status: 304, headers });
  }
  return new Response(value, { headers });
}
