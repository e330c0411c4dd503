package selvedge.verification.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Starts servers for a test and kills them after it. A failure contains their output. Registered
 * with {@code @RegisterExtension} on an instance field, or, {@link #shared}, on a static field.
 */
public final class Servers
    implements AfterEachCallback, AfterAllCallback, TestExecutionExceptionHandler {
  private static final int TOLD_MAX = 3;

  private final List<RunningServer> started = new CopyOnWriteArrayList<>();
  private final Set<Path> directories = ConcurrentHashMap.newKeySet();
  private final boolean shared;

  public Servers() {
    this(false);
  }

  private Servers(boolean shared) {
    this.shared = shared;
  }

  /** Returns servers that all tests of a class use, and that are killed after the last one. */
  public static Servers shared() {
    return new Servers(true);
  }

  public ServerProcess start(Launch launch) {
    directories.add(launch.data());
    ServerProcess server = ServerProcess.start(launch);
    started.add(server);
    return server;
  }

  /** Starts a server in this process. */
  public LocalServer startHere(Launch launch) {
    directories.add(launch.data());
    LocalServer server = LocalServer.start(launch);
    started.add(server);
    return server;
  }

  public ServerProcess start(Path data) {
    return start(Launch.on(data));
  }

  /** Starts a process that is expected to exit by itself; see {@link ServerProcess#awaitExit}. */
  public ServerProcess spawn(Launch launch) {
    ServerProcess server = ServerProcess.spawn(launch);
    started.add(server);
    return server;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    int first = Math.max(0, started.size() - TOLD_MAX);
    for (RunningServer server : started.subList(first, started.size())) {
      if (server instanceof ServerProcess process) {
        failure.addSuppressed(new ServerOutput(process));
      }
    }
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!shared) {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  private void close() {
    started.forEach(RunningServer::close);
    started.clear();
    directories.forEach(Servers::deleteRecord);
    directories.clear();
  }

  /** Deletes what a first start records beside the directory, where no test deletes it. */
  private static void deleteRecord(Path directory) {
    try {
      Files.deleteIfExists(directory.resolveSibling("." + directory.getFileName() + ".started"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
