package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import selvedge.model.tls.Trust;
import selvedge.verification.tls.Authority;

/**
 * Fuzzes TLS records on the port of a server with a certificate. The server answers with records of
 * TLS, or refuses plain HTTP, and serves the next client.
 */
public final class TlsTarget {
  private static final int RECORD_HEADER_BYTES = 5;
  private static final int RECORD_BYTES_MAX = 16_384 + 256;
  private static final int PROBE_INTERVAL = 64;
  private static final Path FOLDER = folder();
  private static final Authority AUTHORITY = new Authority("fuzzed");
  private static final Trust TRUST = Trust.of(AUTHORITY.write(FOLDER.resolve("ca.pem")));
  private static final FuzzedServer SERVER = server();
  private static final List<byte[]> HELLOS = new ArrayList<>();
  private static int inputs;

  private TlsTarget() {}

  private static Path folder() {
    try {
      return Files.createTempDirectory("selvedge-fuzz");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static FuzzedServer server() {
    AUTHORITY.issue("127.0.0.1").write(FOLDER.resolve("cert.pem"), FOLDER.resolve("key.pem"));
    return new FuzzedServer(
        "tls-cert",
        FOLDER.resolve("cert.pem").toString(),
        "tls-key",
        FOLDER.resolve("key.pem").toString());
  }

  /** Starts the server before the first input, and records first messages of clients. */
  public static void fuzzerInitialize() throws IOException, GeneralSecurityException {
    for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 1);
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setProtocols(new String[] {protocol});
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      engine.setSSLParameters(parameters);
      ByteBuffer hello = ByteBuffer.allocate(RECORD_BYTES_MAX * 2);
      engine.wrap(ByteBuffer.allocate(0), hello);
      HELLOS.add(Arrays.copyOf(hello.array(), hello.position()));
    }
    probe();
  }

  private static void probe() throws IOException {
    try (Socket socket =
        TRUST.secure(
            new Socket(SERVER.uri().getHost(), SERVER.uri().getPort()),
            SERVER.uri().getHost(),
            SERVER.uri().getPort())) {
      socket
          .getOutputStream()
          .write("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!answer.startsWith("HTTP/1.1 200 ")) {
        throw new AssertionError("the server does not answer a probe: " + answer);
      }
    }
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    var out = new ByteArrayOutputStream();
    byte[] hello = data.pickValue(HELLOS).clone();
    int changes = data.consumeInt(0, 3);
    for (int i = 0; i < changes; i++) {
      hello[data.consumeInt(0, hello.length - 1)] = data.consumeByte();
    }
    out.write(hello, 0, data.consumeBoolean() ? hello.length : data.consumeInt(0, hello.length));
    int records = data.consumeInt(0, 3);
    for (int i = 0; i < records; i++) {
      byte[] payload = data.consumeBytes(60);
      out.write(data.pickValue(List.of(20, 21, 22, 23, 24, 128)));
      out.write(3);
      out.write(data.consumeInt(0, 4));
      int length = data.consumeInt(0, 9) == 0 ? data.consumeInt(0, 65_535) : payload.length;
      out.write(length >>> 8);
      out.write(length);
      out.writeBytes(payload);
    }
    requireRecords(SERVER.send(out.toByteArray()));
    if (++inputs % PROBE_INTERVAL == 0) {
      probe();
    }
  }

  private static void requireRecords(String answer) {
    if (answer.startsWith("HTTP/1.1 4")) {
      return;
    }
    int at = 0;
    while (answer.length() - at >= RECORD_HEADER_BYTES) {
      int type = answer.charAt(at);
      int length = answer.charAt(at + 3) << 8 | answer.charAt(at + 4);
      if (type < 20 || type > 23 || answer.charAt(at + 1) != 3 || length > RECORD_BYTES_MAX) {
        throw new AssertionError("the server sent no record of TLS: " + answer.substring(at));
      }
      at += RECORD_HEADER_BYTES + length;
    }
  }
}
