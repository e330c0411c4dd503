package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ServersTest {
  private static final URI NEAR = URI.create("http://10.0.0.1");
  private static final URI FAR = URI.create("http://10.0.0.2");
  private static final URI FARTHER = URI.create("http://10.0.0.3");

  private final AtomicLong ticks = new AtomicLong();
  private final Servers servers = new Servers(List.of(NEAR, FAR, FARTHER), ticks::get);

  private void later(Duration time) {
    ticks.addAndGet(time.toNanos());
  }

  @Test
  void theNextServerFollowsOneThatFails() {
    assertThat(servers.current(true)).isEqualTo(NEAR);
    servers.failed(NEAR);
    assertThat(servers.current(true)).isEqualTo(FAR);
    servers.failed(NEAR);
    assertThat(servers.current(true)).isEqualTo(FAR);
    servers.failed(FAR);
    assertThat(servers.current(true)).isEqualTo(FARTHER);
  }

  @Test
  void oneReadInTenSecondsTriesTheNearestServer() {
    servers.failed(NEAR);
    later(Duration.ofSeconds(11));

    assertThat(servers.current(false)).isEqualTo(FAR);
    assertThat(servers.current(true)).isEqualTo(NEAR);
    assertThat(servers.current(true)).isEqualTo(FAR);
    servers.failed(NEAR);
    assertThat(servers.current(true)).isEqualTo(FAR);

    later(Duration.ofSeconds(11));
    assertThat(servers.current(true)).isEqualTo(NEAR);
  }

  @Test
  void theNearestServerIsUsedAgainOnceItAnswers() {
    servers.failed(NEAR);
    servers.failed(FAR);
    later(Duration.ofSeconds(11));
    servers.current(true);

    servers.answered(NEAR);

    assertThat(servers.current(true)).isEqualTo(NEAR);
    servers.answered(FARTHER);
    assertThat(servers.current(true)).isEqualTo(NEAR);
  }
}
