package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code env.KV} of a Worker on workerd with Selvedge, with miniflare, or with a server that gives
 * a prepared response to all requests, which is the upper bound with workerd.
 *
 * <p>With one get per request, most of the time is the overhead of workerd for the request, which
 * is the same for all. With several gets, it is the time of {@code env.KV.get}.
 */
final class WorkerContest implements Contest {
  private static final int BYTES = 1024;
  private static final int SEVERAL = 10;
  private static final int CONNECTIONS = 64;
  private static final double LEAST = 5;
  private static final String MINIFLARE = "miniflare";
  private static final String FLOOR = "bare Netty behind workerd";
  private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");
  private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");
  private static final String WORKER =
      """
      const KEYS = Array.from({ length: SEVERAL }, (_, i) => "k" + i);
      export default {
        async fetch(request, env) {
          if (request.method === "PUT") {
            await env.KV.put(new URL(request.url).pathname.slice(1), await request.text());
            return new Response("stored");
          }
          ANSWER
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
      const namespace = await miniflare.getKVNamespace("KV");
      for (let i = 0; i < SEVERAL; i++) await namespace.put("k" + i, "x".repeat(BYTES));
      console.log("listening on " + url.port);
      """;

  /** The work of a Worker for each request. */
  enum Work {
    GET(1, "env.KV.get of 1 KiB", "return new Response(await env.KV.get('k0'));"),
    GETS(
        SEVERAL,
        "env.KV.get of 1 KiB, " + SEVERAL + " in parallel",
        """
        const values = await Promise.all(KEYS.map((key) => env.KV.get(key)));
        return new Response(values[0]);
        """),
    GET_MANY(
        SEVERAL,
        "env.KV.get of " + SEVERAL + " keys of 1 KiB in one call",
        "return new Response((await env.KV.get(KEYS)).get('k0'));"),
    PUT(1, "env.KV.put of 1 KiB", "");

    private final int values;
    private final String label;
    private final String get;

    Work(int values, String label, String get) {
      this.values = values;
      this.label = label;
      this.get = get;
    }

    /** Returns the prepared response. */
    private String answer() {
      String value = "x".repeat(BYTES);
      return switch (this) {
        case PUT -> "";
        case GET, GETS -> value;
        case GET_MANY ->
            IntStream.range(0, SEVERAL)
                .mapToObj(i -> "\"k" + i + "\":\"" + value + "\"")
                .collect(Collectors.joining(",", "{", "}"));
      };
    }
  }

  private final Work work;

  WorkerContest(Work work) {
    this.work = work;
  }

  private String server() {
    return work == Work.PUT ? "Selvedge, env.KV.put" : "Selvedge, env.KV.get";
  }

  @Override
  public int show() {
    return 6;
  }

  @Override
  public String work() {
    return work.label + " in a Worker, 64 connections";
  }

  @Override
  public String target() {
    return "throughput ≥ 5 × miniflare's own KV";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    Path packages = environment.root().resolve("verification/clients");
    if (!Files.exists(packages.resolve("node_modules/miniflare"))) {
      Program.run(List.of("npm", "ci", "--ignore-scripts", "--prefix", packages.toString()));
    }
    SelvedgeServer server =
        SelvedgeServer.start(environment, environment.newFolder("server"), List.of());
    for (int i = 0; i < SEVERAL; i++) {
      server.put("k" + i, "x".repeat(BYTES));
    }
    ServedValue bare =
        Contestants.netty(environment, work.answer().getBytes(StandardCharsets.US_ASCII));
    return List.of(
        onWorkerd(
            environment, packages, server(), server.program(), server.url(), server.namespace()),
        onMiniflare(environment, packages),
        onWorkerd(
            environment,
            packages,
            FLOOR,
            bare.program(),
            bare.url().replaceAll("/k$", ""),
            server.namespace()));
  }

  private String worker() {
    return WORKER.replace("SEVERAL", Integer.toString(SEVERAL)).replace("ANSWER", work.get);
  }

  private Entrant onWorkerd(
      Environment environment,
      Path packages,
      String name,
      Program server,
      String url,
      String namespace)
      throws IOException, InterruptedException {
    Path folder = environment.newFolder("workerd");
    Files.writeString(folder.resolve("worker.js"), worker());
    Path configuration = folder.resolve("config.capnp");
    Files.writeString(
        configuration,
        CONFIGURATION
            .replace("ADDRESS", url.substring("http://".length()))
            .replace("NAMESPACE", namespace)
            .replace("TOKEN", SelvedgeServer.TOKEN));
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
    return entrant(folder, name, List.of(program, server), program.awaitOutput(PORT));
  }

  private Entrant onMiniflare(Environment environment, Path packages)
      throws IOException, InterruptedException {
    Path folder = environment.newFolder("miniflare");
    Path worker = folder.resolve("worker.js");
    Files.writeString(worker, worker());
    Path script = folder.resolve("miniflare.mjs");
    Path module = packages.resolve("node_modules/miniflare/dist/src/index.js");
    Files.writeString(
        script,
        MINIFLARE_SCRIPT
            .replace("MODULE", module.toString())
            .replace("WORKER", worker.toString())
            .replace("SEVERAL", Integer.toString(SEVERAL))
            .replace("BYTES", Integer.toString(BYTES)));
    Program program =
        Program.start(
            folder.resolve("log"),
            Map.of(),
            List.of(environment.require("node").toString(), script.toString()));
    return entrant(folder, MINIFLARE, List.of(program), program.awaitOutput(LISTENING));
  }

  private Entrant entrant(Path folder, String name, List<Program> programs, String port)
      throws IOException {
    String url = "http://127.0.0.1:" + port + "/";
    String script = work == Work.PUT ? Puts.script(folder, "/", BYTES) : "";
    Wrk load = new Wrk(url, CONNECTIONS, List.of(), script);
    return new HttpEntrant(name, programs, load, work.values);
  }

  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.perSecond(server()) / standings.perSecond(MINIFLARE);
    return new Verdict(
        ratio >= LEAST,
        String.format(
            Locale.ROOT,
            "throughput %.1f ×, which is %.2f of the throughput with a prepared response (%.1f"
                + " ×)",
            ratio,
            standings.perSecond(server()) / standings.perSecond(FLOOR),
            standings.perSecond(FLOOR) / standings.perSecond(MINIFLARE)));
  }
}
