package selvedge.verification.process;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * One server for all tests of a class, on a new directory. Registered with
 * {@code @RegisterExtension} on a static field.
 */
public final class SharedServer
    implements BeforeAllCallback, AfterAllCallback, TestExecutionExceptionHandler {
  private final List<String> arguments;
  private @Nullable Path data;
  private @Nullable ServerProcess server;

  /**
   * @param arguments the arguments after those of {@link Launch}
   */
  public SharedServer(String... arguments) {
    this.arguments = List.of(arguments);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Path folder = Files.createTempDirectory("selvedge");
    data = folder;
    server = ServerProcess.start(Launch.on(folder).with(arguments.toArray(String[]::new)));
  }

  public ServerProcess process() {
    if (server == null) {
      throw new IllegalStateException("the server is started before the tests of the class");
    }
    return server;
  }

  public RestClient client(String token) {
    return new RestClient(process().uri(), HttpClient.Version.HTTP_1_1, token);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new ServerOutput(process()));
    throw failure;
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null) {
      server.close();
    }
    if (data != null) {
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
