import { env, SELF } from "cloudflare:test";
import { expect, it } from "vitest";

it("shares a namespace with the Worker", async () => {
  const stored = await SELF.fetch("http://x/greeting", { method: "PUT", body: "hello" });
  expect(await stored.text()).toBe("stored");
  expect(await env.KV.get("greeting")).toBe("hello");

  await env.KV.put("test", "é", { metadata: { by: "vitest" }, expirationTtl: 1 });
  expect(await (await SELF.fetch("http://x/test")).text()).toBe("é");
  expect((await env.KV.getWithMetadata("test")).metadata).toEqual({ by: "vitest" });
});
