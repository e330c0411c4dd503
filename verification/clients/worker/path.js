// Puts a namespace in front of the path, for those who cannot inject a header.

export default {
  fetch(request, env) {
    const url = new URL(request.url);
    return env.SERVER.fetch(new Request(`http://server/kv/${env.NAMESPACE}${url.pathname}${url.search}`, request));
  },
};
