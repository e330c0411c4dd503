package selvedge.verification.process;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Starts servers for a test and ends them after it, however it ends; a failure carries what they
 * wrote. Registered with {@code @RegisterExtension} on an instance field.
 */
public final class Servers implements AfterEachCallback, TestExecutionExceptionHandler {
  private static final int TOLD_MAX = 3;

  private final List<ServerProcess> started = new CopyOnWriteArrayList<>();

  public ServerProcess start(Launch launch) {
    ServerProcess server = ServerProcess.start(launch);
    started.add(server);
    return server;
  }

  public ServerProcess start(Path data) {
    return start(Launch.on(data));
  }

  /** Starts a process that is expected to give up, which {@link ServerProcess#awaitExit} awaits. */
  public ServerProcess spawn(Launch launch) {
    ServerProcess server = ServerProcess.spawn(launch);
    started.add(server);
    return server;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    int first = Math.max(0, started.size() - TOLD_MAX);
    for (ServerProcess server : started.subList(first, started.size())) {
      failure.addSuppressed(new Said(server));
    }
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    started.forEach(ServerProcess::close);
    started.clear();
  }
}
