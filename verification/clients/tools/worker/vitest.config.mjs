import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "cache",
  plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
});
