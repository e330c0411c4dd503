package selvedge.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ApiRouterTest {
  private final ApiRouter router =
      new ApiRouter(List.of(new NamedFace("/a"), new NamedFace("/a/b"), new NamedFace("/é")));

  /** Answers with its own prefix. */
  private record NamedFace(String prefix) implements Protocol {
    @Override
    public boolean owns(Request request) {
      return Protocol.isBelow(prefix, request.path());
    }

    @Override
    public Optional<LoopResult> answerNow(Request request) {
      return Optional.of(
          new LoopResult.Answered(Response.text(200, "text/plain", "now " + prefix)));
    }

    @Override
    public Response answer(Request request) {
      return Response.text(200, "text/plain", prefix);
    }

    @Override
    public Response refusal(int status, String message) {
      return Response.text(status, "text/plain", prefix + " refuses: " + message);
    }
  }

  private Answer answer(String path) {
    return Answer.of(router.answer(new TestRequest("GET", path)));
  }

  @Test
  void theFirstFaceThatOwnsThePathAnswers() {
    assertThat(answer("/a").text()).isEqualTo("/a");
    assertThat(answer("/a/b").text()).isEqualTo("/a");
    assertThat(Answer.now(router.answerNow(new TestRequest("GET", "/a/x"))).orElseThrow().text())
        .isEqualTo("now /a");
  }

  @Test
  void aPrefixEndsAtASlash() {
    assertThat(answer("/ab").status()).isEqualTo(404);
    assertThat(answer("/ab").text()).isEqualTo("/a refuses: there is nothing at /ab");
    assertThat(router.answerNow(new TestRequest("GET", "/ab"))).isEmpty();
  }

  @Test
  void thePathIsComparedAsItWasSent() {
    assertThat(answer("/%61").status()).isEqualTo(404);
    assertThat(answer("//a").status()).isEqualTo(404);
    assertThat(answer("").status()).isEqualTo(404);
  }
}
