package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code env.KV} of a Worker on workerd: ours behind it, miniflare's own, or a server that gives
 * one ready-made answer to everything, which is as fast as workerd lets anybody be.
 *
 * <p>With one get in each request most of the time is workerd's for the request, which is the same
 * for all; with several at once it is that of {@code env.KV.get}.
 */
final class InWorker implements Contest {
  private static final int BYTES = 1024;
  private static final int CONNECTIONS = 64;
  private static final double LEAST = 5;
  private static final String MINIFLARE = "miniflare";
  private static final String FLOOR = "bare Netty behind workerd";
  private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");
  private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");
  private static final String WORKER =
      """
      export default {
        async fetch(request, env) {
          if (request.method === "PUT") {
            await env.KV.put(new URL(request.url).pathname.slice(1), await request.text());
            return new Response("stored");
          }
          const get = () => env.KV.get("k");
          const values = await Promise.all(Array.from({ length: TOGETHER }, get));
          return new Response(values[0]);
        },
      };
      """;
  private static final String CONFIGURATION =
      """
      using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [
          (name = "worker", worker = .worker),
          (name = "kv", external = (address = "ADDRESS", http = (injectRequestHeaders = [
            (name = "CF-KV-Namespace-Id", value = "NAMESPACE"),
            (name = "Authorization", value = "Bearer TOKEN")]))),
        ],
        sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
      );
      const worker :Workerd.Worker = (
        modules = [(name = "worker.js", esModule = embed "worker.js")],
        compatibilityDate = "2026-01-01",
        bindings = [(name = "KV", kvNamespace = "kv")],
      );
      """;
  private static final String MINIFLARE_SCRIPT =
      """
      import { readFileSync } from "node:fs";
      import { Miniflare } from "MODULE";
      const miniflare = new Miniflare({
        modules: true, script: readFileSync("WORKER", "utf8"), kvNamespaces: ["KV"],
        host: "127.0.0.1", port: 0, compatibilityDate: "2026-01-01",
      });
      const url = await miniflare.ready;
      await (await miniflare.getKVNamespace("KV")).put("k", "x".repeat(BYTES));
      console.log("listening on " + url.port);
      """;

  private final String method;
  private final int together;

  private InWorker(String method, int together) {
    this.method = method;
    this.together = together;
  }

  static InWorker gets(int together) {
    return new InWorker("get", together);
  }

  static InWorker puts() {
    return new InWorker("put", 1);
  }

  private String ours() {
    return "Selvedge, env.KV." + method;
  }

  @Override
  public int show() {
    return 6;
  }

  @Override
  public String work() {
    String requests = together == 1 ? "" : ", " + together + " at once in each request";
    return "env.KV." + method + " of 1 KiB in a Worker" + requests + ", 64 connections";
  }

  @Override
  public String target() {
    return "throughput ≥ 5 × miniflare's own KV";
  }

  @Override
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    Path packages = field.root().resolve("verification/clients");
    if (!Files.exists(packages.resolve("node_modules/miniflare"))) {
      Program.run(List.of("npm", "ci", "--ignore-scripts", "--prefix", packages.toString()));
    }
    Ours ours = Ours.start(field, field.fresh("server"), List.of());
    ours.put("k", "x".repeat(BYTES));
    Serving bare = Contestants.netty(field, method.equals("put") ? 0 : BYTES);
    return List.of(
        onWorkerd(field, packages, ours(), ours.program(), ours.url(), ours.namespace()),
        onMiniflare(field, packages),
        onWorkerd(
            field,
            packages,
            FLOOR,
            bare.program(),
            bare.url().replaceAll("/k$", ""),
            ours.namespace()));
  }

  private String worker() {
    return WORKER.replace("TOGETHER", Integer.toString(together));
  }

  private Entrant onWorkerd(
      Field field, Path packages, String name, Program server, String url, String namespace)
      throws IOException, InterruptedException {
    Path folder = field.fresh("workerd");
    Files.writeString(folder.resolve("worker.js"), worker());
    Path configuration = folder.resolve("config.capnp");
    Files.writeString(
        configuration,
        CONFIGURATION
            .replace("ADDRESS", url.substring("http://".length()))
            .replace("NAMESPACE", namespace)
            .replace("TOKEN", Ours.TOKEN));
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "64";
    Path workerd =
        packages.resolve("node_modules/@cloudflare/workerd-linux-" + architecture + "/bin/workerd");
    Program program =
        Program.start(
            folder.resolve("workerd.log"),
            Map.of(),
            List.of(
                workerd.toString(),
                "serve",
                configuration.toString(),
                "--socket-addr=http=127.0.0.1:0",
                "--control-fd=1"));
    return asked(folder, name, List.of(program, server), program.awaitSaid(PORT));
  }

  private Entrant onMiniflare(Field field, Path packages) throws IOException, InterruptedException {
    Path folder = field.fresh("miniflare");
    Path worker = folder.resolve("worker.js");
    Files.writeString(worker, worker());
    Path script = folder.resolve("miniflare.mjs");
    Path module = packages.resolve("node_modules/miniflare/dist/src/index.js");
    Files.writeString(
        script,
        MINIFLARE_SCRIPT
            .replace("MODULE", module.toString())
            .replace("WORKER", worker.toString())
            .replace("BYTES", Integer.toString(BYTES)));
    Program program =
        Program.start(
            folder.resolve("log"),
            Map.of(),
            List.of(field.require("node").toString(), script.toString()));
    return asked(folder, MINIFLARE, List.of(program), program.awaitSaid(LISTENING));
  }

  private Entrant asked(Path folder, String name, List<Program> programs, String port)
      throws IOException {
    String url = "http://127.0.0.1:" + port + "/";
    String script = method.equals("put") ? Puts.script(folder, "/", BYTES) : "";
    Wrk load = new Wrk(url, CONNECTIONS, List.of(), script);
    return new OverHttp(name, programs, load, together);
  }

  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.perSecond(ours()) / standings.perSecond(MINIFLARE);
    return new Verdict(
        ratio >= LEAST,
        String.format(
            Locale.ROOT,
            "throughput %.1f ×, which is %.2f of what workerd has with a ready-made answer (%.1f"
                + " ×)",
            ratio,
            standings.perSecond(ours()) / standings.perSecond(FLOOR),
            standings.perSecond(FLOOR) / standings.perSecond(MINIFLARE)));
  }
}
