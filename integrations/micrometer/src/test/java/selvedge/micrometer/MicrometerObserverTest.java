package selvedge.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.UnreachableException;
import selvedge.model.Selvedge;

final class MicrometerObserverTest {
  @Test
  void triesAreCountedAndTimed() {
    var registry = new SimpleMeterRegistry();
    ClientOptions options =
        ClientOptions.of(URI.create("http://127.0.0.1:1"))
            .deadline(Duration.ofMillis(400))
            .observer(new MicrometerObserver(registry));
    try (Selvedge client = Client.of(options)) {
      assertThatThrownBy(() -> client.namespace("n")).isInstanceOf(UnreachableException.class);
    }
    assertThat(registry.get("selvedge.client.sent").tag("again", "false").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("selvedge.client.sent").tag("again", "true").counter().count())
        .isPositive();
    assertThat(
            registry
                .get("selvedge.client.requests")
                .tag("operation", "namespace")
                .tag("server", "127.0.0.1:1")
                .tag("status", "none")
                .timer()
                .count())
        .isGreaterThan(1);
  }
}
