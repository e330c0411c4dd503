package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Limits;
import selvedge.model.Profile;

/** Requests that RFC 9112 requires a server to reject, and forms of request smuggling. */
final class RequestSyntaxTest {
  private static final String SMUGGLED = "GET /count HTTP/1.1\r\nHost: x\r\n\r\n";

  private final EchoApi api = new EchoApi();
  private final HttpServer server =
      new HttpServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          Optional.empty(),
          Transport.best(),
          1,
          Limits.of(Profile.OPEN),
          InstantSource.system(),
          api,
          HttpMeter.NONE);
  private InetSocketAddress address = new InetSocketAddress(0);

  @BeforeEach
  void start() {
    address = server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Sends a request, in one and in two pieces, with another request behind it. */
  private void refuses(String request, int status) throws Exception {
    try (var client = new RawClient(address)) {
      client.send(request + SMUGGLED);

      assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(client.rest()).as("bytes after the refusal").isEmpty();
    }
    for (int cut : new int[] {request.length() / 2, request.length() - 1}) {
      assertThat(pieces(request, cut)).doesNotContain("HTTP/1.1 2");
    }
    assertThat(api.counted).as("smuggled requests").hasValue(0);
  }

  /**
   * Sends the request in two pieces. A server that refuses the first may close the connection
   * before the second.
   */
  private String pieces(String request, int cut) throws IOException {
    try (var client = new RawClient(address)) {
      client.send(request.substring(0, cut));
      client.send(request.substring(cut) + SMUGGLED);
      return client.rest();
    } catch (SocketException e) {
      return "";
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "GET /now HTTP/9.9|505",
        "GET /now HTTP/2.0|505",
        "GET /now HTTP/1.2|505",
        "GET /now HTTP/0.9|505",
        "GET /now|400",
        "GET /now http/1.1|400",
        "GET /now HTTP/1.10|400",
        "GET /now HTTP/01.1|400",
        "GET /now HTTPS/1.1|400",
        "GET /now Http/1.1|400",
        "GET  /now HTTP/1.1|400",
        "GET /now  HTTP/1.1|400",
        "GET\t/now\tHTTP/1.1|400",
        " GET /now HTTP/1.1|400",
        "\tGET /now HTTP/1.1|400",
        "GET /now HTTP/1.1 |400",
        "GET /n ow HTTP/1.1|400",
        "GET /n\u0001ow HTTP/1.1|400",
        "GET /n\u007fow HTTP/1.1|400",
        "GET /now\u0000 HTTP/1.1|400",
        "G(ET /now HTTP/1.1|400",
        "G\u0001ET /now HTTP/1.1|400"
      })
  void refusesRequestLines(String line, int status) throws Exception {
    refuses(line + "\r\nHost: x\r\n\r\n", status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A : b",
        "A\t: b",
        "A",
        "A b: c",
        ": b",
        "A(b): c",
        "A@: c",
        "A\u0000: c",
        "A\u00e9: c",
        "A\u000b: c",
        "A: b\u0000c",
        "A: b\u0001c",
        "A: b\rc",
        "A\rB: c",
        "A: b\r",
        "A: b\r\n c",
        "A: b\r\n\tc",
        " A: b",
        "A: b\nC: d",
        "Content-Length: 1\r\nContent-Length: 1",
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 1, 1",
        "Content-Length: +1",
        "Content-Length: -1",
        "Content-Length: 0x1",
        "Content-Length: 1a",
        "Content-Length: ",
        "Content-Length: 1 1",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked;a=b",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: ",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked\r\n , identity"
      })
  void refusesHeaderFields(String field) throws Exception {
    refuses("POST /echo HTTP/1.1\r\nHost: x\r\n" + field + "\r\n\r\n", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nab\r\n0\r\n\r\n",
        "0x1\r\na\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "\r\na\r\n0\r\n\r\n",
        "fffffffffffffffff\r\na",
        "ffffffff\r\na",
        " 1\r\na\r\n0\r\n\r\n",
        "1 \r\na\r\n0\r\n\r\n",
        "1\na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\na\r\n0\n\r\n",
        "1;a\rb\r\na\r\n0\r\n\r\n",
        "1;a\nb\r\na\r\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "0\r\nA b: c\r\n\r\n"
      })
  void refusesChunks(String chunks) throws Exception {
    refuses("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, 400);
  }

  @Test
  void refusesChunksInHttp10() throws Exception {
    refuses("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  }

  @Test
  void refusesACarriageReturnWithinTheRequestLine() throws Exception {
    refuses("GET /n\row HTTP/1.1\r\nHost: x\r\n\r\n", 400);
    refuses("GET /now HTTP/1.1\r\r\nHost: x\r\n\r\n", 400);
  }

  @Test
  void refusesLinesThatEndWithALineFeedAlone() throws Exception {
    refuses("GET /now HTTP/1.1\nHost: x\n\n", 400);
    refuses("GET /now HTTP/1.1\nHost: x\r\n\r\n", 400);
    refuses("GET /now HTTP/1.1\r\nHost: x\r\n\n", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "Transfer-Encoding: Chunked\r\n\r\n1;a=b\r\na\r\n0\r\nA: c\r\n\r\n",
        "Transfer_Encoding: chunked\r\nContent-Length: 1\r\n\r\na",
        "content-length:1\r\n\r\na",
        "Content-Length: 01\r\n\r\na",
        "A:\r\nB: \t c \u00e9\u007f\r\nContent-Length: 1\r\n\r\na"
      })
  void takesWhatIsUnusualAndAllowed(String rest) throws Exception {
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 3; i++) {
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\n" + rest);

        assertThat(client.receive().text()).isEqualTo("a");
      }
    }
  }
}
