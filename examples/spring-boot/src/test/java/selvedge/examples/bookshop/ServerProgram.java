package selvedge.examples.bookshop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/** A server in a process of its own, which a test can kill, stop and continue. */
final class ServerProgram implements AutoCloseable {
  private final Process process;
  private final URI uri;

  private ServerProgram(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /** Runs a server with the settings {@code key=value} until its standard input ends. */
  public static void main(String[] arguments) throws IOException {
    List<Setting> settings =
        Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .map(parts -> new Setting(parts[0], parts[1], "the test"))
            .toList();
    try (var server = new Server(Config.of(settings))) {
      System.out.println("at " + server.start());
      while (System.in.read() >= 0) {}
    }
  }

  static ServerProgram start(Path data, String... settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServerProgram.class.getName(), "data=" + data));
    command.addAll(List.of(settings));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("at ")) {
        return new ServerProgram(process, URI.create(line.substring(3)));
      }
    }
    throw new IOException("the server did not start");
  }

  URI uri() {
    return uri;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Stops the process, so that its connections stay open and silent. */
  void suspend() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
