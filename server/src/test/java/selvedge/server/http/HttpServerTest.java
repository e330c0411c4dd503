package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;

final class HttpServerTest {
  private final EchoApi api = new EchoApi();
  private final Limits limits =
      Limits.of(Profile.OPEN)
          .with(
              Map.of(
                  Limit.HEADER_SECONDS, 1L,
                  Limit.BODY_SECONDS, 1L,
                  Limit.RESPONSE_SECONDS, 1L,
                  Limit.IDLE_SECONDS, 3L,
                  Limit.REQUESTS_IN_FLIGHT, 1L,
                  Limit.REQUEST_LINE_BYTES, 1024L,
                  Limit.HEADER_BYTES, 2048L));
  private HttpServer server = server(limits);
  private InetSocketAddress address = new InetSocketAddress(0);

  private HttpServer server(Limits overrides) {
    return new HttpServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Optional.empty(),
        Transport.best(),
        1,
        overrides,
        InstantSource.system(),
        api,
        HttpMeter.NONE);
  }

  @BeforeEach
  void start() {
    address = server.start();
  }

  @AfterEach
  void stop() {
    api.release.countDown();
    server.close();
  }

  private RawClient.Answer ask(String request) throws IOException {
    try (var client = new RawClient(address)) {
      client.send(request);
      return client.receive();
    }
  }

  @Test
  void answersOnTheLoopAndKeepsTheConnectionOpen() throws Exception {
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 3; i++) {
        client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
        RawClient.Answer answer = client.receive();
        assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.text()).isEqualTo("at once");
      }
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (var client = new RawClient(address)) {
      client.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
              + "GET /now HTTP/1.1\r\nHost: x\r\n\r\n"
              + "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo");

      assertThat(client.receive().text()).isEqualTo("one");
      assertThat(client.receive().text()).isEqualTo("at once");
      assertThat(client.receive().text()).isEqualTo("two");
    }
  }

  @Test
  void aRequestIsAloneWhileItsConnectionIsTheOnlyOneOfTheLoop() throws Exception {
    try (var one = new RawClient(address)) {
      assertThat(alone(one)).isEqualTo("alone");
      try (var other = new RawClient(address)) {
        assertThat(alone(other)).isEqualTo("with others");
        assertThat(alone(one)).isEqualTo("with others");
      }
      while (!alone(one).equals("alone")) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aRequestWhoseBodyIsSlowIsNoLongerAloneWhenAnotherConnectionHasCome() throws Exception {
    String head = "PUT /alone HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n";
    try (var one = new RawClient(address)) {
      one.send(head + "x" + head);
      assertThat(one.receive().text()).isEqualTo("alone");
      try (var other = new RawClient(address)) {
        assertThat(alone(other)).isEqualTo("with others");
        one.send("x");
        assertThat(one.receive().text()).isEqualTo("with others");
      }
    }
  }

  private static String alone(RawClient client) throws IOException {
    client.send("PUT /alone HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
    return client.receive().text();
  }

  @Test
  void computesTheResponseOfACachedRequestEachTime() throws Exception {
    String request = "GET /count HTTP/1.1\r\nHost: x\r\n\r\n";
    try (var one = new RawClient(address);
        var other = new RawClient(address)) {
      for (int i = 1; i < 8; i += 2) {
        one.send(request);
        assertThat(one.receive().text()).isEqualTo("now " + i);
        other.send(request);
        assertThat(other.receive().text()).isEqualTo("now " + (i + 1));
      }
      one.send(request + request);
      assertThat(one.receive().text()).isEqualTo("now 9");
      assertThat(one.receive().text()).isEqualTo("now 10");
      one.send("GET /count HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n");
      assertThat(one.receive().headers()).contains("connection: close");
    }
  }

  @Test
  void answersAClientThatHasClosedItsSendingSide() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (var client = new RawClient(address)) {
        client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
        client.endSending();
        assertThat(client.receive().text()).isEqualTo("at once");
      }
    }
  }

  @Test
  void aBodyThatLooksLikeACachedRequestIsABody() throws Exception {
    String request = "GET /count HTTP/1.1\r\nHost: x\r\n\r\n";
    try (var client = new RawClient(address)) {
      client.send(request);
      client.receive();
      client.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + 2 * request.length() + "\r\n\r\n");
      client.send(request);
      client.send(request);
      assertThat(client.receive().text()).isEqualTo(request + request);
      client.send("GET /target HTTP/1.1\r\nX-Tail: ");
      client.send(request);
      assertThat(client.receive().text()).isEqualTo("/target|");
      assertThat(api.counted).hasValue(1);
    }
  }

  @Test
  void aCachedRequestInsideAHeadIsPartOfTheHead() throws Exception {
    String request = "GET /now HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(ask(request).text()).isEqualTo("at once");
    for (String before :
        List.of(request, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")) {
      try (var client = new RawClient(address)) {
        client.send(before + "GET /target HTTP/1.1\r\n");
        client.receive();
        client.send(request);
        assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @Test
  void distinguishesRequestsWithTheSameFields() throws Exception {
    String fields = " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 10; i++) {
        client.send("POST /echo?" + i + fields + "body" + i);
        assertThat(client.receive().text()).isEqualTo("body" + i);
        client.send("PUT /target/" + i + "?to" + fields + "body" + i);
        assertThat(client.receive().text()).isEqualTo("/target/" + i + "|to");
        client.send("POST /echo" + fields + "bo");
        client.send("dy" + i + "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.receive().text()).isEqualTo("body" + i);
        assertThat(client.receive().text()).isEqualTo("at once");
      }
    }
  }

  @Test
  void eachRequestHasItsOwnFields() throws Exception {
    String plain = "GET /header HTTP/1.1\r\nHost: x\r\n\r\n";
    String start = "GET /header HTTP/1.1\r\nHost: x\r\nX-Sent: other\r\nContent-Length: ";
    String behind = start + (start.length() + 6) + "\r\n\r\n";
    for (int i = 0; i < 3; i++) {
      try (var client = new RawClient(address)) {
        client.send(plain + behind);
        assertThat(client.receive().headers()).contains("X-Back: none");
        client.send("x".repeat(behind.length()));
        assertThat(client.receive().headers()).contains("X-Back: other");
      }
    }
  }

  @Test
  void anEmptyLineBeforeARequestIsSkippedEachTime() throws Exception {
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 4; i++) {
        client.send("\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nab\r\n\r\nc");
        assertThat(client.receive().text()).isEqualTo("ab\r\n\r\nc");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 7\n\nab\r\n\r\nc",
        "POST /echo HTTP/1.1\r\nHost: x\nContent-Length: 7\r\n\r\nab\r\n\r\nc",
        "POST /echo HTTP/1.1\nContent-Length: 7\r\n\r\nab\r\n\r\nc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 7\rX: y\r\n\r\nab\r\n\r\nc",
        "POST  /echo  HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nab\r\n\r\nc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nFolded:\r\n x\r\nContent-Length:7\r\n\r\nab\r\n\r\nc",
      })
  void aLineThatDoesNotEndByTheBookIsRefusedEachTime(String request) throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(ask(request).statusLine()).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET  HTTP/1.1", " /now HTTP/1.1", "get /now HTTP/1.0x"})
  void aLineWithoutItsThreeWordsIsRefusedWhateverFollowsIt(String line) throws Exception {
    String fields = "\r\nHost: x\r\n\r\n";
    assertThat(ask("GET /ignore HTTP/1.1" + fields).text()).isEqualTo("ignored");
    assertThat(ask(line + fields).statusLine()).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void theBodyOfAnEarlyWebSocketIsNotARequest() throws Exception {
    String early =
        "GET /now HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n\r\n";
    String next = "GET /now HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(ask(next).text()).isEqualTo("at once");
    assertThat(ask(early.replace("GET", "POST")).statusLine()).startsWith("HTTP/1.1 ");
    for (int i = 0; i < 3; i++) {
      try (var client = new RawClient(address)) {
        client.send(early + next.substring(0, 8));
        client.receive();
        client.send(next);
        assertThat(client.receive().text()).isEqualTo("at once");
      }
      try (var client = new RawClient(address)) {
        client.send(early);
        client.receive();
        client.send(next);
        assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @Test
  void aCachedRequestThatMemoryCannotAnswerGetsAThread() throws Exception {
    String request = "GET /sometimes HTTP/1.1\r\nHost: x\r\n\r\n";
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 6; i++) {
        api.inMemory = i % 2 == 0;
        client.send(request);
        assertThat(client.receive().text()).isEqualTo(i % 2 == 0 ? "from memory" : "from a thread");
      }
    }
  }

  @Test
  void sendsALargeResponseFromTheLoopCompletely() throws Exception {
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 3; i++) {
        client.send("GET /large-now HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.receive().text()).hasSize(100_000);
      }
    }
  }

  @Test
  void releasesThePlaceBeforeTheClientSeesTheResponse() throws Exception {
    try (var client = new RawClient(address)) {
      for (int i = 0; i < 300; i++) {
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none");
        assertThat(client.receive().text()).isEqualTo("one");
        client.send("GET /written HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.receive().text()).startsWith("0\n1\n");
      }
    }
  }

  @Test
  void doesNotChangeTargets() throws Exception {
    String target = "/target//a%2Fb/../[x]|^\u00e9?q=%20+&[]";

    RawClient.Answer answer = ask("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answer.text().getBytes(StandardCharsets.ISO_8859_1))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("/target//a%2Fb/../[x]|^\u00e9|q=%20+&[]");
  }

  @Test
  void passesRawHeaderBytesBothWays() throws Exception {
    RawClient.Answer answer =
        ask("GET /header HTTP/1.1\r\nHost: x\r\nX-Sent: \u00f0\u009f\u0098\u0080\r\n\r\n");

    assertThat(answer.headers()).contains("X-Back: \u00f0\u009f\u0098\u0080");
  }

  @Test
  void sendsCustomReasonPhrases() throws Exception {
    assertThat(ask("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n").statusLine())
        .isEqualTo("HTTP/1.1 200 I did not look");
  }

  @Test
  void acceptsChunkedBodies() throws Exception {
    RawClient.Answer answer =
        ask(
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");

    assertThat(answer.text()).isEqualTo("abcdefg");
  }

  @Test
  void refusesABodyWithTwoLengths() throws Exception {
    try (var client = new RawClient(address)) {
      client.send(
          "POST /echo HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Content-Length: 4\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + "0\r\n\r\n");

      assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 400 ");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void readsABodyThatIsLargerThanItsBuffer() throws Exception {
    try (var client = new RawClient(address)) {
      byte[] body = new byte[5_000_000];
      client.send(
          "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
      client.send(body);

      assertThat(client.receive().text()).isEqualTo("5000000");
    }
  }

  @Test
  void drainsAnUnreadBodyAndKeepsTheConnectionOpen() throws Exception {
    try (var client = new RawClient(address)) {
      byte[] body = new byte[5_000_000];
      client.send(
          "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
      client.send(body);
      assertThat(client.receive().text()).isEqualTo("ignored");

      client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().text()).isEqualTo("at once");
    }
  }

  @Test
  void sends100OnlyWhenTheBodyIsRead() throws Exception {
    try (var client = new RawClient(address)) {
      client.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.receive().statusLine()).isEqualTo("HTTP/1.1 100 Continue");
      client.send("ok");
      assertThat(client.receive().text()).isEqualTo("ok");

      client.send(
          "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.receive().text()).isEqualTo("ignored");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void answersHeadWithTheLengthAndNoBody() throws Exception {
    try (var client = new RawClient(address)) {
      client.send(
          "HEAD /large HTTP/1.1\r\n"
              + "Host: x\r\n\r\n"
              + "GET /now HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Connection: close\r\n\r\n");

      String whole = client.rest();

      assertThat(whole).containsIgnoringCase("content-length: 2999999").endsWith("at once");
    }
  }

  @Test
  void streamsLargeAndWrittenResponses() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().body()).isEqualTo(Bytes.adopt(new byte[2_999_999]));

      client.send("GET /written HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().text()).startsWith("0\n1\n").endsWith("998\n999\n");
    }
  }

  @Test
  void aClientNeverTakesAnIncompleteResponseForACompleteOne() throws Exception {
    assertThatThrownBy(() -> ask("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n"))
        .isInstanceOf(Exception.class);
  }

  @Test
  void answers500ToAnUnexpectedException() throws Exception {
    assertThat(ask("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n").statusLine())
        .startsWith("HTTP/1.1 500 ");
  }

  @Test
  void limitsRequestLineAndHeaders() throws Exception {
    assertThat(ask("GET /" + "x".repeat(2000) + " HTTP/1.1\r\nHost: x\r\n\r\n").statusLine())
        .startsWith("HTTP/1.1 414 ");
    assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(4000) + "\r\n\r\n").statusLine())
        .startsWith("HTTP/1.1 431 ");
    assertThat(ask("nonsense\r\n\r\n").statusLine()).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void closesTheConnectionOfASlowHead() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("GET /now HT");

      assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 408 ");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void closesTheConnectionOfASlowBody() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");

      assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 408 ");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void closesTheConnectionOfAClientThatDoesNotReadItsResponse() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(api.cut.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closesAnIdleConnection() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      client.receive();

      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void answers503AboveTheLimitOfRequestsInFlight() throws Exception {
    try (var busy = new RawClient(address);
        var second = new RawClient(address)) {
      busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      api.entered.await();

      second.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
      RawClient.Answer answer = second.receive();
      assertThat(answer.statusLine()).startsWith("HTTP/1.1 503 ");
      assertThat(answer.headers()).contains("Retry-After: 1");

      api.release.countDown();
      assertThat(busy.receive().text()).isEqualTo("slow");
      second.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(second.receive().text()).isEqualTo("ignored");
    }
  }

  @Test
  void answersAQueuedRequestLater() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("PUT /soon HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\none");
      client.send("two" + "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      api.entered.await();
      api.release.countDown();

      assertThat(client.receive().text()).isEqualTo("onetwo");
      assertThat(client.receive().text()).isEqualTo("at once");
      client.send("DELETE /soon HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().text()).isEmpty();
      client.send("PUT /soon HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.receive().text()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/soon-bug", "/soon-thrown", "/short-bug", "/short-error"})
  void aBugWithoutAThreadIsAnswered500AndTakesNoPlaceWithIt(String path) throws Exception {
    try (var client = new RawClient(address)) {
      client.send("DELETE " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().statusLine()).startsWith("HTTP/1.1 500 ");
      client.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().text()).isEqualTo("ignored");

      client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().text()).isEqualTo("at once");
    }
  }

  @Test
  void aSmallBodyTakesNoPlaceBeforeItIsComplete() throws Exception {
    try (var slow = new RawClient(address);
        var second = new RawClient(address)) {
      slow.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\none");
      second.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(second.receive().text()).isEqualTo("ignored");

      slow.send("two");
      assertThat(slow.receive().text()).isEqualTo("onetwo");
    }
  }

  @Test
  void aQueuedRequestKeepsItsPlaceUntilItIsAnswered() throws Exception {
    try (var busy = new RawClient(address);
        var second = new RawClient(address)) {
      busy.send("PUT /soon HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none");
      api.entered.await();
      second.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(second.receive().statusLine()).startsWith("HTTP/1.1 503 ");

      api.release.countDown();
      assertThat(busy.receive().text()).isEqualTo("one");
      second.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(second.receive().text()).isEqualTo("ignored");
    }
  }

  @Test
  void answersTheRequestBehindARejectedOne() throws Exception {
    String post = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
    try (var live = new RawClient(address);
        var busy = new RawClient(address)) {
      live.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n" + post + "one" + post + "tw");
      String answer;
      do {
        busy.send("GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n");
        answer = busy.receive().text();
      } while (!answer.equals("ignored"));
      busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      api.entered.await();
      api.liveEnds.countDown();
      assertThat(live.receive().text()).isEqualTo("live");
      assertThat(live.receive().statusLine()).startsWith("HTTP/1.1 503 ");

      api.release.countDown();
      assertThat(busy.receive().text()).isEqualTo("slow");
      live.send("o");
      assertThat(live.receive().text()).isEqualTo("two");
    }
  }

  @Test
  void sendsBatchedShortReadsToTheirClients() throws Exception {
    server.close();
    server = server(limits.with(Limit.REQUESTS_IN_FLIGHT, 100));
    address = server.start();
    List<RawClient> clients = new ArrayList<>();
    try (var endless = new RawClient(address)) {
      for (int i = 0; i < 20; i++) {
        clients.add(new RawClient(address));
      }
      endless.send("GET /short-endless HTTP/1.1\r\nHost: x\r\n\r\n");
      for (RawClient client : clients) {
        client.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      for (RawClient client : clients) {
        assertThat(client.receive().text()).isEqualTo("short");
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void waitsForQueuedRequestsBeforeItCloses() throws Exception {
    try (var busy = new RawClient(address)) {
      busy.send("PUT /soon HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none");
      api.entered.await();
      Thread draining = Thread.ofVirtual().start(server::drain);
      api.release.countDown();

      assertThat(busy.receive().text()).isEqualTo("one");
      draining.join();
    }
  }

  @Test
  void rejectsConnectionsAboveTheLimit() throws Exception {
    server.close();
    server = server(limits.with(Limit.CONNECTIONS, 1));
    address = server.start();
    try (var busy = new RawClient(address)) {
      busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      api.entered.await();

      try (var second = new RawClient(address)) {
        assertThat(second.receive().statusLine()).startsWith("HTTP/1.1 503 ");
        assertThat(second.isClosed()).isTrue();
      }
    }
  }

  @Test
  void answersARequestThatArrivesOnAnIdleConnectionWhenItBeginsToDrain() throws Exception {
    server.close();
    server = server(limits.with(Limit.DRAIN_SECONDS, 3000));
    address = server.start();
    try (var client = new RawClient(address)) {
      client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      client.receive();
      Thread draining = Thread.ofPlatform().start(server::drain);
      while (draining.isAlive() && draining.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }

      client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none");

      RawClient.Answer answer = client.receive();
      assertThat(answer.text()).isEqualTo("one");
      assertThat(answer.headers()).contains("connection: close");
      assertThat(client.isClosed()).isTrue();
      draining.join();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/slow, '', 401, the token was revoked or has expired",
    "/slow-refusal, '', 400, no token",
    "/slow-refusal, 'Authorization: Bearer t\r\n', 401, the token was revoked or has expired",
  })
  void aRevocationEndsTheRequestsThatWereAdmitted(
      String path, String field, int status, String message) throws Exception {
    try (var client = new RawClient(address)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + field + "\r\n");
      api.entered.await();
      api.open = false;
      server.readmit();
      ask("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      api.release.countDown();

      RawClient.Answer answer = client.receive();
      assertThat(answer.statusLine()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer.text()).isEqualTo(message);
    }
  }

  @Test
  void waitsForRequestsInFlightAndThenCloses() throws Exception {
    try (var busy = new RawClient(address);
        var idle = new RawClient(address)) {
      idle.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
      idle.receive();
      busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      api.entered.await();

      Thread draining = Thread.ofVirtual().start(server::drain);
      assertThat(idle.isClosed()).isTrue();
      api.release.countDown();

      assertThat(busy.receive().text()).isEqualTo("slow");
      assertThat(busy.isClosed()).isTrue();
      draining.join();
    }
  }
}
