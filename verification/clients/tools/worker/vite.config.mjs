import { cloudflare } from "@cloudflare/vite-plugin";
import { defineConfig } from "vite";

export default defineConfig({
  cacheDir: "cache",
  plugins: [cloudflare({ configPath: "./wrangler.toml", inspectorPort: false })],
});
