package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Three nodes of etcd, whose leader receives puts. Belongs to one thread. */
final class Etcd implements Entrant {
  private static final Pattern MEMBER = Pattern.compile("\"member_id\":\"(\\d+)\"");
  private static final Pattern LEADER = Pattern.compile("\"leader\":\"(\\d+)\"");
  private static final int KEYS = 100_000_000;

  private final String name;
  private final List<Program> programs;
  private final List<EtcdConnection> connections = new ArrayList<>();
  private final byte[] value;

  private Etcd(String name, List<Program> programs, int bytes) {
    this.name = name;
    this.programs = programs;
    this.value = "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
  }

  static boolean isInstalled() {
    return Environment.find("etcd").isPresent();
  }

  static Etcd start(Environment environment, String name, int connections, int bytes)
      throws IOException, InterruptedException {
    List<Integer> ports = List.of(Ports.free(), Ports.free(), Ports.free());
    List<Integer> peers = List.of(Ports.free(), Ports.free(), Ports.free());
    List<String> cluster = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      cluster.add("n" + i + "=" + url(peers.get(i)));
    }
    List<Program> programs = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      Path folder = environment.newFolder("etcd");
      List<String> command = new ArrayList<>();
      command.addAll(List.of(environment.require("etcd").toString(), "--name", "n" + i));
      command.addAll(List.of("--data-dir", folder.resolve("data").toString()));
      command.addAll(List.of("--listen-client-urls", url(ports.get(i))));
      command.addAll(List.of("--advertise-client-urls", url(ports.get(i))));
      command.addAll(List.of("--listen-peer-urls", url(peers.get(i))));
      command.addAll(List.of("--initial-advertise-peer-urls", url(peers.get(i))));
      command.addAll(List.of("--initial-cluster", String.join(",", cluster)));
      command.addAll(List.of("--quota-backend-bytes", Long.toString(8L << 30)));
      command.addAll(List.of("--log-level", "error"));
      programs.add(Program.start(folder.resolve("log"), Map.of(), command));
    }
    var etcd = new Etcd(name, programs, bytes);
    int leader = leader(ports);
    for (int i = 0; i < connections; i++) {
      etcd.connections.add(new EtcdConnection(leader));
    }
    return etcd;
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  /** Returns the port of the node that leads. */
  private static int leader(List<Integer> ports) throws IOException, InterruptedException {
    for (int port : ports) {
      HttpRequests.await(url(port) + "/health");
    }
    for (int port : ports) {
      String status = HttpRequests.send("POST", url(port) + "/v3/maintenance/status", "", "{}");
      Matcher member = MEMBER.matcher(status);
      Matcher leader = LEADER.matcher(status);
      if (member.find() && leader.find() && member.group(1).equals(leader.group(1))) {
        return port;
      }
    }
    throw new IOException("no node of etcd leads");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    double before = cpuMicros();
    Threads.Counted counted =
        Threads.repeat(
            connections.stream().<Threads.Operation>map(each -> () -> put(each)).toList(), time);
    double cpu = (cpuMicros() - before) / counted.operations();
    return new Sample(counted.perSecond(), counted.median(), counted.p99(), cpu);
  }

  private void put(EtcdConnection connection) throws IOException {
    int key = ThreadLocalRandom.current().nextInt(KEYS);
    connection.put(Integer.toString(key).getBytes(StandardCharsets.US_ASCII), value);
  }

  @Override
  public List<Program> programs() {
    return programs;
  }
}
