package selvedge.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExposureTest {
  private static List<String> of(String... pairs) {
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      settings.add(new Setting(pairs[i], pairs[i + 1], "the test"));
    }
    return Exposure.of(Config.of(settings));
  }

  @Test
  void warnsOfPlainHttpOnANetworkAddress() {
    assertThat(of("listen", "0.0.0.0:5820")).singleElement().asString().contains("--tls-cert");
    assertThat(of("listen", "[::]:5820")).singleElement().asString().contains("--tls-cert");
    assertThat(of("listen", "127.0.0.1:5820")).isEmpty();
    assertThat(of("listen", "[::1]:5820")).isEmpty();
    assertThat(of("listen", "0.0.0.0:5820", "tls-cert", "cert.pem", "tls-key", "key.pem"))
        .isEmpty();
  }

  @Test
  void warnsOfAnOriginTokenOverPlainHttpToAnotherMachine() {
    String[] edge = {"location", "fra", "origin-token", "secret", "origin", ""};
    edge[5] = "http://10.0.0.1:5820";
    assertThat(of(edge)).singleElement().asString().contains("http://10.0.0.1:5820");
    edge[5] = "https://10.0.0.1:5820";
    assertThat(of(edge)).isEmpty();
    edge[5] = "http://127.0.0.1:5820";
    assertThat(of(edge)).isEmpty();
  }
}
