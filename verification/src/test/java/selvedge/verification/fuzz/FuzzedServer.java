package selvedge.verification.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/** A server in the process of the fuzzer, with a real store and a real port. */
final class FuzzedServer {
  /** A busy machine may let a process wait for a minute. */
  private static final int TIMEOUT_MILLIS = 120_000;

  /** Limits after which the server would close a connection that it should close at once. */
  private static final List<String> CLOSING =
      List.of("header-seconds", "body-seconds", "idle-seconds");

  private final URI uri;

  /**
   * @param settings names and values
   */
  FuzzedServer(String... settings) {
    try {
      Path data = Files.createTempDirectory("selvedge-fuzz");
      List<Setting> all = new ArrayList<>();
      all.add(new Setting("listen", "127.0.0.1:0", "the test"));
      all.add(new Setting("data", data.toString(), "the test"));
      CLOSING.forEach(limit -> all.add(new Setting("limits." + limit, "3600", "the test")));
      for (int i = 0; i < settings.length; i += 2) {
        all.add(new Setting(settings[i], settings[i + 1], "the test"));
      }
      this.uri = new Server(Config.of(all)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return uri;
  }

  /**
   * Sends the bytes in two pieces and returns everything that the server answers, one char per
   * byte.
   */
  String send(byte[] data) throws IOException {
    return send(data, true);
  }

  /**
   * @param ends whether the client ends its direction of the connection; otherwise the last request
   *     must make the server close it
   */
  String send(byte[] data, boolean ends) throws IOException {
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      int half = data.length / 2;
      socket.getOutputStream().write(data, 0, half);
      socket.getOutputStream().write(data, half, data.length - half);
      if (ends) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      // The server closes a connection with more input than it reads.
      return "";
    }
  }
}
