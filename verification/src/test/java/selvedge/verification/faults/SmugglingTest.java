package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Requests that a proxy and a server may parse differently, sent through nginx.
 *
 * <p>An increment follows each request. The server must not execute an increment without a response
 * to the attacker, and the next client must get its own response.
 */
final class SmugglingTest {
  private static final int ANSWER_MILLIS = 5000;
  private static final Pattern COUNTED = Pattern.compile("\\{\"value\":\\d+");

  private static final List<String> ENCODINGS =
      List.of(
          "Transfer-Encoding: chunked",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding:\tchunked",
          "Transfer-Encoding: \u000bchunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: identity, chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: ,chunked",
          "Transfer-Encoding: \"chunked\"",
          "Transfer-Encoding: chunked;a=b",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
          "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding:\r\n chunked",
          "Transfer_Encoding: chunked",
          "X: y\nTransfer-Encoding: chunked",
          "X: y\rTransfer-Encoding: chunked",
          " Transfer-Encoding: chunked",
          "\u0000Transfer-Encoding: chunked");

  private static final List<String> LENGTHS =
      List.of(
          "Content-Length: 0\r\nContent-Length: 9",
          "Content-Length: 9\r\nContent-Length: 0",
          "Content-Length: 0, 9",
          "Content-Length: +0",
          "Content-Length: -1",
          "Content-Length: 0x9",
          "Content-Length: 0 9",
          "Content-Length: 0\r\n 9",
          "Content-Length : 9",
          "Content-Length: 00");

  private static final List<String> CHUNKS =
      List.of(
          "0\n\n",
          "0\r\n\n",
          "00\r\n\r\n",
          "0x0\r\n\r\n",
          "+0\r\n\r\n",
          "-0\r\n\r\n",
          "0;a=b\r\n\r\n",
          "0;a\nb\r\n\r\n",
          "0;a\rb\r\n\r\n",
          "0 \r\n\r\n",
          " 0\r\n\r\n",
          "1\r\nab0\r\n\r\n",
          "1\r\na\n0\r\n\r\n",
          "1\ra\r\n0\r\n\r\n",
          "0\r\nA: b\r\n c\r\n\r\n",
          "0\r\nContent-Length: 5\r\n\r\n",
          "100000000\r\n",
          "ffffffffffffffff0\r\n");

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  /** Returns header fields of requests with their bodies, up to the increment. */
  private static List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (String length : List.of("Content-Length: 0", "Content-Length: 3")) {
      for (String encoding : ENCODINGS) {
        requests.add(length + "\r\n" + encoding + "\r\n\r\n0\r\n\r\n");
        requests.add(encoding + "\r\n" + length + "\r\n\r\n0\r\n\r\n");
        requests.add(encoding + "\r\n\r\n0\r\n\r\n");
      }
    }
    for (String length : LENGTHS) {
      requests.add(length + "\r\n\r\n");
    }
    for (String chunks : CHUNKS) {
      requests.add("Transfer-Encoding: chunked\r\n\r\n" + chunks);
    }
    return requests;
  }

  @Test
  void aProxyAndTheServerAgreeOnTheEndOfRequests() throws Exception {
    ServerProcess server = servers.start(folder.resolve("data"));
    try (RestClient client = server.client();
        ReverseProxy proxy = ReverseProxy.start(folder, server.address())) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "victim", Bytes.utf8("the victim's value")).ok();
      String increment =
          "POST /v1/namespaces/%s/increment/count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
              .formatted(namespace);
      for (InetSocketAddress to : List.of(proxy.address(), server.address())) {
        long answered = client.increment(namespace, "count", 0).json().path("value").asLong();
        for (String request : requests()) {
          String head = "PUT " + RestClient.value(namespace, "own") + " HTTP/1.1\r\nHost: x\r\n";
          answered += COUNTED.matcher(exchange(to, head + request + increment)).results().count();

          String victim =
              "GET " + RestClient.value(namespace, "victim") + " HTTP/1.1\r\nHost: x\r\n";
          for (int i = 0; i < 2; i++) {
            assertThat(exchange(to, victim + "Connection: close\r\n\r\n"))
                .as("after %s", request)
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nthe victim's value");
          }
          assertThat(client.increment(namespace, "count", 0).json().path("value").asLong())
              .as("executed increments after %s", request)
              .isEqualTo(answered);
        }
      }
    }
  }

  /** Sends bytes and returns the response, up to the end of the connection or a timeout. */
  private static String exchange(InetSocketAddress address, String bytes) throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var socket = new Socket()) {
      socket.connect(address);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      byte[] buffer = new byte[8192];
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        answer.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException | SocketException e) {
      // The other side waits for more, or has closed the connection.
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }
}
