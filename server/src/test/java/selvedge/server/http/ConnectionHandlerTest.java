package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.server.api.Request;
import selvedge.server.fairness.Owner;

final class ConnectionHandlerTest {
  private final Limits limits = Limits.of(Profile.OPEN).with(Limit.REQUESTS_IN_FLIGHT, 1);
  private final ServerContext shared =
      new ServerContext(
          new EchoApi(),
          limits,
          new Busy(),
          new ResponseHeads(new HttpDate(InstantSource.system())));

  /** Takes each in-flight place as soon as it is released. */
  private final class Busy implements HttpMeter {
    @Override
    public void connections(int change) {}

    @Override
    public void inFlight(int change) {
      if (change < 0) {
        shared.takePlace(Owner.SERVER);
      }
    }

    @Override
    public void answered(Request request, int status, long nanos, long in, long out) {}
  }

  private final ConnectionHandler handler = new ConnectionHandler(shared, false);
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new Http1Decoder(limits, handler), new HttpResponseEncoder(), handler);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void send(String requests) {
    channel.writeInbound(Unpooled.copiedBuffer(requests, StandardCharsets.US_ASCII));
  }

  private String received() {
    var all = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.append(out.toString(StandardCharsets.US_ASCII));
      out.release();
    }
    return all.toString();
  }

  @Test
  void cachesEachRequestThatMemoryAnswersWhetherItsFieldsAreCachedOrNot() {
    for (String target : List.of("/now?1", "/now?2")) {
      String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
      send(request);
      byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
      assertThat(shared.requestCache().find(bytes, 0, bytes.length)).isNotNull();
    }
  }

  @Test
  void rejectsAnyNumberOfWaitingRequestsWithoutRecursion() {
    send(
        "PUT /alone HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1"
            + "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20_000));

    assertThat(received().split("HTTP/1.1 503", -1)).hasSize(20_001);
  }
}
