package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that was started for the race, and ends with it at the latest. Belongs to one thread.
 */
final class Program implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final double TICKS = 100;

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Program start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
    return new Program(process, log);
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** Gives it a line to read. */
  void tell(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Waits until it has said something of that form, and returns the first group of it. */
  String awaitSaid(Pattern pattern) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      Matcher matcher = pattern.matcher(Files.readString(log));
      if (matcher.find()) {
        return matcher.group(1);
      }
      if (!process.isAlive()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IOException("it has not started: " + Files.readString(log));
  }

  /** The time that it and its children have had on processors, in microseconds. */
  double cpuMicros() throws IOException {
    double ticks = cpuTicks(process.pid());
    for (ProcessHandle child : process.descendants().toList()) {
      ticks += cpuTicks(child.pid());
    }
    return ticks / TICKS * 1e6;
  }

  /** Of a process, and of its children that have ended. */
  private static double cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = 0;
    for (int field = 11; field <= 14; field++) {
      ticks += Double.parseDouble(fields[field]);
    }
    return ticks;
  }

  long peakBytes() throws IOException {
    return memory("VmHWM");
  }

  long residentBytes() throws IOException {
    return memory("VmRSS");
  }

  private long memory(String field) throws IOException {
    Matcher matcher =
        Pattern.compile(field + ":\\s+(\\d+) kB")
            .matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
  }

  /** Runs a command to its end, and returns what it has said. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " has failed: " + said);
    }
    return said;
  }

  @Override
  public void close() {
    end(process);
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
