package selvedge.verification.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running server in a separate process.
 *
 * <p>Safe for use by many threads. The process is killed by {@link #close} and at the end of this
 * JVM.
 */
public final class ServerProcess implements RunningServer {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int LOG_LINES_MAX = 400;
  private static final Pattern LISTENING = Pattern.compile("listening on (https?://(\\S+):(\\d+))");

  private final Process process;
  private final Thread reaper;
  private final Thread reader;
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final CountDownLatch listening = new CountDownLatch(1);
  private volatile @Nullable URI uri;

  private ServerProcess(Process process) {
    this.process = process;
    this.reaper = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(reaper);
    // A virtual thread that reads from a process blocks its carrier: two of them would stop all
    // virtual threads of the test on a machine with two cores.
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /** Starts a server and waits until it listens. */
  public static ServerProcess start(Launch launch) {
    ServerProcess server = spawn(launch);
    server.awaitAddress();
    return server;
  }

  /** Starts a process that is expected to exit by itself. */
  static ServerProcess spawn(Launch launch) {
    try {
      var builder = new ProcessBuilder(launch.command()).redirectErrorStream(true);
      builder.environment().putAll(launch.extension().variables());
      return new ServerProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAddress() {
    try {
      if (!listening.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS) || uri == null) {
        close();
        throw new IllegalStateException("the server did not start; its output:\n" + log());
      }
    } catch (InterruptedException e) {
      close();
      throw new IllegalStateException("interrupted while the server started", e);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        keep(line);
        Matcher matcher = LISTENING.matcher(line);
        if (uri == null && matcher.find()) {
          uri = URI.create(matcher.group(1));
          listening.countDown();
        }
      }
    } catch (IOException e) {
      keep("(the output of the server could not be read further: " + e.getMessage() + ")");
    } finally {
      listening.countDown();
    }
  }

  private void keep(String line) {
    synchronized (lines) {
      lines.add(line);
      if (lines.size() > LOG_LINES_MAX) {
        lines.remove();
      }
    }
  }

  @Override
  public URI uri() {
    URI known = uri;
    if (known == null) {
      throw new IllegalStateException("the server did not listen; its output:\n" + log());
    }
    return known;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the last lines of its standard output and standard error. */
  public String log() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /**
   * Waits until its output contains the texts: a pipe delivers lines some time after a server wrote
   * them.
   */
  public void awaitLog(String... texts) throws Exception {
    Polling.await("the output " + List.of(texts), () -> Stream.of(texts).allMatch(log()::contains));
  }

  /** Kills it like {@code kill -9} and waits for its end. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Sends the signal of {@code kill} and does not wait. Its output can still be read. */
  public void signalEnd() {
    boolean _ = process.toHandle().destroy();
  }

  /** Sends the signal of {@code kill}, waits, and returns the exit status. */
  public int terminate() {
    signalEnd();
    return awaitExit();
  }

  /** Waits until the process has ended and its output has been read. */
  public int awaitExit() {
    try {
      if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "process " + pid() + " does not end; its output:\n" + log());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the server ended", e);
    }
  }

  /** Waits up to the given time for the end of the process and returns whether it has ended. */
  public boolean awaitExit(int millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      reader.join();
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This JVM is ending, so the hook runs anyway.
      keep(String.valueOf(e.getMessage()));
    }
  }
}
