// Texts in the reader's language: PUT /LANGUAGE {"key": "text"}, GET /KEY with Accept-Language.

const FALLBACK = "en";

export default {
  async fetch(request, env) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (request.method === "PUT") {
      await env.STRINGS.put(`strings:${name.toLowerCase()}`, JSON.stringify(await request.json()));
      return new Response("stored\n");
    }
    const languages = [...accepted(request.headers.get("Accept-Language") ?? ""), FALLBACK];
    const tables = await env.STRINGS.get([...new Set(languages)].slice(0, 100).map((each) => `strings:${each}`), "json");
    for (const language of languages) {
      const text = tables.get(`strings:${language}`)?.[name];
      if (text !== undefined) {
        return new Response(`${text}\n`, { headers: { "Content-Language": language, Vary: "Accept-Language" } });
      }
    }
    return new Response(`no text ${name}\n`, { status: 404 });
  },
};

// Returns the accepted languages, the preferred first. de-AT is followed by de.
function accepted(header) {
  return header.split(",")
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .filter(([language]) => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(language))
    .map(([language, quality = "1"]) => ({ language: language.toLowerCase(), quality: Number(quality) || 0 }))
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .flatMap(({ language }) => [language, language.split("-")[0]]);
}
