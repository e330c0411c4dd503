package selvedge.verification.kms;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running {@link KeyServiceProgram}. */
final class KeyServiceProcess implements AutoCloseable {
  /** The classes of the provider, which a server takes by {@code SELVEDGE_CLASS_PATH}. */
  static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();

  static final String TOKEN = "the-token-of-the-key-service";
  private static final String LISTENING = "listening on ";

  private final Process process;
  private final String address;

  private KeyServiceProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * @param keys the file with its keys
   * @param port 0 for a free port
   */
  static KeyServiceProcess start(Path keys, int port) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                CLASSES.toString(),
                KeyServiceProgram.class.getName(),
                keys.toString(),
                Integer.toString(port)));
    builder.environment().put("KEY_SERVICE_TOKEN", TOKEN);
    Process process = builder.redirectErrorStream(true).start();
    BufferedReader output = process.inputReader();
    @Nullable String line = output.readLine();
    if (line == null || !line.startsWith(LISTENING)) {
      process.destroyForcibly();
      throw new IOException("the key service printed " + line);
    }
    return new KeyServiceProcess(process, line.substring(LISTENING.length()));
  }

  String address() {
    return address;
  }

  int port() {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** Kills the process. */
  void stop() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
