package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.model.Limits;
import selvedge.model.Profile;

final class Http1DecoderTest {
  private final Limits limits = Limits.of(Profile.OPEN);
  private final Shared shared =
      new Shared(
          new EchoApi(),
          limits,
          HttpMeter.NONE,
          new ResponseHeads(new HttpDate(InstantSource.system())));

  @Test
  void remembersEachRequestThatMemoryAnswersWithKnownFieldsOrWithout() {
    var exchanges = new Exchanges(shared, false);
    var channel =
        new EmbeddedChannel(
            new Http1Decoder(limits, exchanges), new HttpResponseEncoder(), exchanges);
    for (String target : List.of("/now?1", "/now?2")) {
      byte[] request =
          ("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      channel.writeInbound(Unpooled.copiedBuffer(request));
      assertThat(shared.knownRequests().find(request, 0, request.length)).isNotNull();
    }
    channel.finishAndReleaseAll();
  }
}
