package selvedge.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of W3C Trace Context is read strictly. */
final class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private static TestRequest request(String header) {
    return new TestRequest("GET", "/").with("traceparent", header);
  }

  @Test
  void aValidHeaderIsRead() {
    assertThat(TraceParent.of(request("00-" + TRACE + "-" + PARENT + "-01")))
        .contains(new TraceParent(TRACE, PARENT, true));
    assertThat(TraceParent.of(request("00-" + TRACE + "-" + PARENT + "-00")))
        .contains(new TraceParent(TRACE, PARENT, false));
    assertThat(TraceParent.of(request("cc-" + TRACE + "-" + PARENT + "-03-later")))
        .contains(new TraceParent(TRACE, PARENT, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g"
      })
  void aHeaderThatIsNotValidIsIgnored(String header) {
    assertThat(TraceParent.of(request(header))).isEmpty();
  }
}
