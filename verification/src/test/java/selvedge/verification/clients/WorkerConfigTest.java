package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** Stock workerd runs the configuration of {@code selvedge worker-config}. */
final class WorkerConfigTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String ROOT = "root-token-of-the-tests-of-clients";

  @RegisterExtension static final SharedServer SERVER = new SharedServer("--root-token", ROOT);
  @TempDir Path folder;

  /** Links wrangler into the folder, like an installation. */
  @BeforeEach
  void install() throws IOException {
    Files.createSymbolicLink(
        folder.resolve("node_modules"), NpmProject.stock().folder().resolve("node_modules"));
    Files.createDirectory(folder.resolve("src"));
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private ProcessResult configure(String... arguments) {
    Program command = Launch.selvedge(folder, "worker-config").with(List.of(arguments));
    return new Program(command.command(), folder, Map.of("SELVEDGE_TOKEN", ROOT))
        .with(List.of("--server", SERVER.process().uri().toString(), "--secret", "A_SECRET"))
        .run(TIMEOUT);
  }

  private WorkerProcess run() {
    Path configuration = folder.resolve("worker.capnp");
    return WorkerProcess.workerd(NpmProject.stock(), configuration, Map.of("A_SECRET", "hush"));
  }

  private static RestClient root() {
    return new RestClient(SERVER.process().uri(), HttpClient.Version.HTTP_1_1, ROOT);
  }

  private void shop(String... ids) throws IOException {
    file(
        "wrangler.toml",
        """
        name = "shop"
        main = "src/index.ts"
        compatibility_date = "2026-01-01"
        compatibility_flags = ["nodejs_compat"]
        routes = ["shop.example/*"]
        kv_namespaces = [
          { binding = "CARTS", id = "%s" },
          { binding = "PRICES", id = "%s", preview_id = "not in production" },
          { binding = "TITLED" },
        ]
        [vars]
        GREETING = "hello \\"you\\" é\\n"
        NUMBERS = { one = 1, two = [2] }
        [secrets]
        required = ["A_SECRET"]
        [[d1_databases]]
        binding = "DB"
        database_name = "x"
        database_id = "y"
        [unheard_of]
        a = 1
        [env.production]
        kv_namespaces = [
          { binding = "CARTS", id = "%s" },
          { binding = "PRICES", id = "%s" },
          { binding = "TITLED", id = "TITLED" },
        ]
        [env.production.vars]
        GREETING = "production"
        """
            .formatted((Object[]) ids));
    file(
        "src/index.ts",
        """
        import { Buffer } from "node:buffer";
        import { all } from "./all";
        export default {
          async fetch(request: Request, env: any): Promise<Response> {
            await env.CARTS.put("seen", "by the Worker");
            return Response.json({ ...(await all(env)), buffer: Buffer.from("x").toString("hex") });
          },
        };
        """);
    file(
        "src/all.ts",
        """
        export async function all(env: any): Promise<object> {
          const [carts, prices, titled] =
            await Promise.all([env.CARTS, env.PRICES, env.TITLED].map((kv) => kv.get("who")));
          return { carts, prices, titled, greeting: env.GREETING, numbers: env.NUMBERS, secret: env.A_SECRET };
        }
        """);
  }

  @Test
  void runsAProjectWithThreeNamespacesAndTwoEnvironments() throws IOException {
    String[] ids = new String[4];
    try (RestClient client = root()) {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = client.createNamespace("shop " + i);
        client.put(ids[i], "who", Bytes.utf8("namespace " + i)).ok();
      }
      client.put(client.createNamespace("TITLED"), "who", Bytes.utf8("titled")).ok();
    }
    shop(ids);

    ProcessResult top = configure("wrangler.toml");

    assertThat(top.ok().text()).contains("workerd serve");
    assertThat(top.errors())
        .contains("left out: d1_databases (missing in the Worker: DB)")
        .contains("left out: unheard_of (unknown setting)")
        .doesNotContain("routes");
    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/"))
          .isEqualTo(
              "{\"carts\":\"namespace 0\",\"prices\":\"namespace 1\",\"titled\":\"titled\","
                  + "\"greeting\":\"hello \\\"you\\\" é\\n\",\"numbers\":{\"one\":1,\"two\":[2]},"
                  + "\"secret\":\"hush\",\"buffer\":\"78\"}");
    }
    try (RestClient client = root()) {
      assertThat(client.get(ids[0], "seen").ok().body().utf8()).isEqualTo("by the Worker");
    }

    configure("wrangler.toml", "--env", "production").ok();
    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/"))
          .startsWith(
              "{\"carts\":\"namespace 2\",\"prices\":\"namespace 3\",\"titled\":\"titled\","
                  + "\"greeting\":\"production\"");
    }
  }

  @Test
  void onlyItsOwnerMayReadAConfigurationWithAToken() throws IOException {
    shop("a", "b", "c", "d");
    configure("wrangler.toml").ok();

    Path written = folder.resolve("worker.capnp");
    assertThat(Files.readString(written))
        .contains("Bearer " + ROOT, "# Ignored, because only Cloudflare uses it", "routes");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
        .isEqualTo("rw-------");
  }

  @Test
  void runsAScriptWithoutABundler() throws IOException {
    try (RestClient client = root()) {
      client.createNamespace("KV");
    }
    file(
        "wrangler.jsonc",
        """
        {
          // The older syntax, and a comment.
          "main": "src/script.js", "compatibility_date": "2026-01-01", "no_bundle": true,
          "kv_namespaces": [{ "binding": "KV" }],
        }
        """);
    file("src/script.js", Files.readString(Path.of("clients/worker/script.js")));

    configure("wrangler.jsonc").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.put("/key", "value")).isEqualTo("stored");
      assertThat(worker.get("/key")).isEqualTo("value");
    }
  }

  @Test
  void findsImportedModulesWithoutABundler() throws IOException {
    file(
        "wrangler.json",
        """
        {"main": "src/a.mjs", "compatibility_date": "2026-01-01", "no_bundle": true}
        """);
    file(
        "src/a.mjs",
        """
        import { b } from "./b.js"
        import page from './page.html';
        export default { async fetch() { return new Response(b() + page + (await import("./c.js")).c); } };
        """);
    file("src/b.js", "export { b } from './d/e.js';");
    file("src/c.js", "export const c = 'c';");
    Files.createDirectory(folder.resolve("src/d"));
    file("src/d/e.js", "import { c } from '../c.js'; export const b = () => 'b' + c;");
    file("src/page.html", "<p>");

    configure("wrangler.json").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/")).isEqualTo("bc<p>c");
    }
  }

  @Test
  void ignoresTextThatLooksLikeAnImport() throws IOException {
    file(
        "wrangler.json",
        """
        {"main": "src/a.mjs", "compatibility_date": "2026-01-01", "no_bundle": true}
        """);
    file(
        "src/a.mjs",
        """
        // import "./line-comment.js";
        /* import x from './block-comment.js';
         * export { y } from "./block-comment.js"; */
        import { b as from } from "./b.js";
        import"./c.js";export{z}from"./z.js";
        const string = "; import './string.js'", other = '\\'; import("./string.js")';
        const template = `${"}"} import "./template.js" ${(() => { return `import("./inner.js")`; })()}`;
        const regex = /[/'"`]import "x"; export { x } from "y"/, half = 4 / 2 / 1;
        if (half) /`/.test("import './after.js'");
        const settings = { import: "./property.js", export: "x" };
        class A { static x(names) { return names.import("./method.js"); } static import(x) { return x; } }
        async function never() { try { await import("optional-package"); await import("./gone.js"); } catch { return; } }
        export default {
          async fetch() {
            const d = (await import(/* why */ "./d.js")).d;
            return new Response(from() + d + `${(await import(`./e.js`)).e}` + half + regex.test("x"));
          },
        };
        """);
    file("src/b.js", "export const b = () => 'b';");
    file("src/c.js", "");
    file("src/d.js", "export const d = 'd';");
    file("src/e.js", "export const e = 'e';");
    file("src/z.js", "export const z = () => 'z';");

    configure("wrangler.json").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/")).isEqualTo("bde2false");
    }
  }

  @Test
  void runsAWorkerOnHonoWithoutABundler() throws IOException {
    hono("");
    configure("wrangler.json").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/greet/you")).isEqualTo("hello you");
    }
  }

  @Test
  void honoKeepsResponsesInTheCache() throws Exception {
    hono(
        """
        let calls = 0;
        app.get("/cached", cache({ cacheName: "pages", cacheControl: "max-age=60", vary: "Accept" }));
        app.get("/cached", (c) => c.text("call " + ++calls));
        """);
    configure("wrangler.json").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/cached")).isEqualTo("call 1");
      Polling.await("a cached page", () -> worker.get("/cached").equals(worker.get("/cached")));
      HttpRequest.Builder other =
          HttpRequest.newBuilder(worker.uri().resolve("/cached")).header("Accept", "text/html");
      assertThat(worker.send(other).body()).isNotEqualTo(worker.get("/cached"));
    }
  }

  @Test
  void kvAssetHandlerServesFilesFromANamespaceAndTheCache() throws Exception {
    try (RestClient client = root()) {
      String assets = client.createNamespace("ASSETS");
      client.put(assets, "index.0001.html", Bytes.utf8("<h1>home</h1>")).ok();
    }
    Files.copy(
        NpmProject.workers()
            .folder()
            .resolve("node_modules/@cloudflare/kv-asset-handler/dist/index.js"),
        folder.resolve("src/assets.js"));
    file(
        "wrangler.json",
        """
        {"main": "src/index.js", "compatibility_date": "2026-01-01", "no_bundle": true,
         "kv_namespaces": [{"binding": "ASSETS"}]}
        """);
    file(
        "src/index.js",
        """
        import { getAssetFromKV } from "./assets.js";
        export default {
          async fetch(request, env, context) {
            const event = { request, waitUntil: (promise) => context.waitUntil(promise) };
            return await getAssetFromKV(event, {
              ASSET_NAMESPACE: env.ASSETS,
              ASSET_MANIFEST: { "index.html": "index.0001.html" },
              cacheControl: { edgeTTL: 60, browserTTL: 60 },
            });
          },
        };
        """);
    configure("wrangler.json").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/")).isEqualTo("<h1>home</h1>");
      Polling.await("an asset from the cache", () -> status(worker).equals("HIT"));
      assertThat(worker.get("/")).isEqualTo("<h1>home</h1>");
    }
  }

  private static String status(WorkerProcess worker) {
    return worker
        .send(HttpRequest.newBuilder(worker.uri().resolve("/")))
        .headers()
        .firstValue("CF-Cache-Status")
        .orElse("");
  }

  @Test
  void theCacheFollowsTheRulesOfHttp() throws Exception {
    file(
        "wrangler.json",
        """
        {"main": "src/cache.js", "compatibility_date": "2026-01-01", "no_bundle": true}
        """);
    file("src/cache.js", Files.readString(Path.of("clients/worker/cache.js")));
    configure("wrangler.json").ok();

    try (WorkerProcess worker = run()) {
      assertThat(worker.get("/rules")).isEqualTo("all rules hold");
      assertThat(worker.get("/many")).isEqualTo("bounded");
      assertThat(worker.get("/put-short")).isEqualTo("stored");
      Polling.await("the end of a lifetime", () -> worker.get("/get-short").equals("nothing"));
    }
  }

  /** Writes a Worker with the files of Hono as modules. */
  private void hono(String routes) throws IOException {
    Path dist = NpmProject.workers().folder().resolve("node_modules/hono/dist");
    try (Stream<Path> files = Files.walk(dist)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".js")).toList()) {
        Path copy = folder.resolve("src/hono").resolve(dist.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    file(
        "wrangler.json",
        "{\"main\":\"src/index.js\",\"compatibility_date\":\"2026-01-01\",\"no_bundle\":true}");
    file(
        "src/index.js",
        """
        import { Hono } from "./hono/index.js";
        import { cache } from "./hono/middleware/cache/index.js";
        const app = new Hono();
        app.get("/greet/:name", (c) => c.text("hello " + c.req.param("name")));
        %s
        export default app;
        """
            .formatted(routes));
  }

  private void script(String settings) throws IOException {
    file("src/script.js", "addEventListener('fetch', () => {});");
    file(
        "wrangler.json",
        "{\"main\":\"src/script.js\",\"compatibility_date\":\"2026-01-01\",\"no_bundle\":true,"
            + settings
            + "}");
  }

  @Test
  void refusesFilesOutsideOfTheFolder() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));
    file("own.txt", "own");
    for (String setting : List.of("text_blobs", "data_blobs", "wasm_modules")) {
      for (String outside : List.of("../../../etc/passwd", "/etc/passwd", "link")) {
        script("\"%s\":{\"BLOB\":\"%s\"}".formatted(setting, outside));
        assertThat(configure("wrangler.json").errors())
            .contains(setting + ".BLOB is " + outside, "must be inside the folder of the Worker");
        assertThat(folder.resolve("worker.capnp")).doesNotExist();
      }
    }
    script("\"text_blobs\":{\"BLOB\":\"./src/../own.txt\"}");
    configure("wrangler.json").ok();
  }

  @Test
  void refusesVariablesThatWereNotAllowed() throws IOException {
    script("\"secrets\":{\"required\":[\"A_SECRET\",\"SELVEDGE_TOKEN\"]}");

    assertThat(configure("wrangler.json").errors())
        .contains("requires the environment variable SELVEDGE_TOKEN", "--secret SELVEDGE_TOKEN");
    configure("wrangler.json", "--secret", "SELVEDGE_TOKEN").ok();
  }

  @Test
  void aLineBreakInANameCannotInjectConfiguration() throws IOException {
    String injected = "x\\n  injected = true,\\u2028\\r#";
    script(
        "\"name\":\"%1$s\",\"%1$s\":1,\"d1_databases\":[{\"binding\":\"%1$s\"}],\"vars\":{\"%1$s\":\"%1$s\"}"
            .formatted(injected));

    configure("wrangler.json").ok();

    assertThat(Files.readString(folder.resolve("worker.capnp")).lines())
        .noneMatch(line -> line.strip().startsWith("injected"));
  }

  @Test
  void errorsNameTheInvalidSetting() throws IOException {
    assertThat(configure("wrangler.toml").errors()).contains("file not found: wrangler.toml");
    assertThat(configure("wrangler.yaml").errors()).contains(".toml, .jsonc or .json");

    shop("a", "b", "c", "d");
    assertThat(configure("wrangler.toml", "--env", "staging").errors())
        .contains("has no environment staging; it has production");
    assertThat(configure("wrangler.toml", "--token-env", "NOWHERE").errors())
        .contains("the environment variable NOWHERE, named by --token-env, is not set");

    file("wrangler.toml", "name = \n");
    assertThat(configure("wrangler.toml").errors()).contains("wrangler.toml, line 1: ");
    file("wrangler.json", "{\"name\": \"x\"}");
    assertThat(configure("wrangler.json").errors()).contains("must have the setting main");
    file("wrangler.json", "{\"main\": \"x.js\"}");
    assertThat(configure("wrangler.json").errors())
        .contains("must have the setting compatibility_date");
    file(
        "wrangler.json",
        "{\"main\":\"x.ts\",\"compatibility_date\":\"2026-01-01\",\"no_bundle\":true}");
    file("x.ts", "");
    assertThat(configure("wrangler.json").errors()).contains("x.ts is not JavaScript");
    file("src/index.ts", "import missing from './missing'; missing();");
    file("wrangler.json", "{\"main\":\"src/index.ts\",\"compatibility_date\":\"2026-01-01\"}");
    assertThat(configure("wrangler.json").errors())
        .contains("wrangler could not bundle the Worker", "./missing");
  }
}
