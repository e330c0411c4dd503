package selvedge.verification.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/** Fuzzes the port of a server with bytes in one or two pieces. */
public final class HttpTarget {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 5\\d\\d ");
  private static final URI SERVER = start();

  private HttpTarget() {}

  private static URI start() {
    try {
      Path data = Files.createTempDirectory("selvedge-fuzz");
      var server =
          new Server(
              Config.of(
                  List.of(
                      new Setting("listen", "127.0.0.1:0", "the test"),
                      new Setting("data", data.toString(), "the test"))));
      return server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    String answers = send(data);
    Matcher matcher = STATUS.matcher(answers);
    if (matcher.find() && !matcher.group().contains("501") && !matcher.group().contains("505")) {
      throw new AssertionError("the response is not HTTP: " + answers);
    }
  }

  private static String send(byte[] data) throws IOException {
    try (var socket = new Socket(SERVER.getHost(), SERVER.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      int half = data.length / 2;
      socket.getOutputStream().write(data, 0, half);
      socket.getOutputStream().write(data, half, data.length - half);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      // The server closes a connection with more input than it reads.
      return "";
    }
  }
}
