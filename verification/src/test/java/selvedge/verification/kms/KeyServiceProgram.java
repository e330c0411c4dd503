package selvedge.verification.kms;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key management service in a process of its own. Its keys are in a file and never leave it.
 *
 * <p>{@code GET /keys} lists the ids of keys, newest first; {@code POST /rotate} adds a key; {@code
 * POST /wrap/ID} and {@code POST /unwrap/ID} take bytes and a context, each a line in hex. All
 * require the token of the variable {@code KEY_SERVICE_TOKEN}.
 */
public final class KeyServiceProgram {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final HexFormat HEX = HexFormat.of();

  private final Path file;
  private final String authorization;
  private final SecureRandom random = new SecureRandom();

  private KeyServiceProgram(Path file, String token) {
    this.file = file;
    this.authorization = "Bearer " + token;
  }

  /**
   * Runs the service until it is killed.
   *
   * @param arguments the file with the keys, and the port or 0
   */
  public static void main(String[] arguments) throws IOException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
    var program =
        new KeyServiceProgram(
            Path.of(arguments[0]), System.getenv().getOrDefault("KEY_SERVICE_TOKEN", ""));
    if (program.keys().isEmpty()) {
      program.rotate();
    }
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/", program::answer);
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  private List<String> keys() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void rotate() throws IOException {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    List<String> keys = new ArrayList<>(keys());
    keys.addFirst("service/key:" + (keys.size() + 1) + " " + HEX.formatHex(key));
    Files.write(file, keys);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        send(exchange, UNAUTHORIZED, "no valid token");
        return;
      }
      String path = exchange.getRequestURI().getPath();
      List<String> lines =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .toList();
      if (path.equals("/rotate")) {
        rotate();
      }
      if (path.startsWith("/wrap/")) {
        send(exchange, OK, wrap(path.substring("/wrap/".length()), lines));
      } else if (path.startsWith("/unwrap/")) {
        send(exchange, OK, unwrap(path.substring("/unwrap/".length()), lines));
      } else {
        List<String> ids = keys().stream().map(line -> line.split(" ", 2)[0]).toList();
        send(exchange, OK, String.join("\n", ids));
      }
    } catch (GeneralSecurityException e) {
      send(exchange, FORBIDDEN, String.valueOf(e.getMessage()));
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private String wrap(String id, List<String> lines) throws IOException, GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, id, nonce, lines.get(1));
    return HEX.formatHex(nonce) + HEX.formatHex(cipher.doFinal(HEX.parseHex(lines.getFirst())));
  }

  private String unwrap(String id, List<String> lines)
      throws IOException, GeneralSecurityException {
    byte[] wrapped = HEX.parseHex(lines.getFirst());
    byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, id, nonce, lines.get(1));
    return HEX.formatHex(cipher.doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES));
  }

  private Cipher cipher(int mode, String id, byte[] nonce, String context)
      throws IOException, GeneralSecurityException {
    String key =
        keys().stream()
            .filter(line -> line.startsWith(id + " "))
            .findFirst()
            .orElseThrow(() -> new GeneralSecurityException("there is no key " + id));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] bytes = HEX.parseHex(key.substring(id.length() + 1));
    cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(HEX.parseHex(context));
    return cipher;
  }
}
