package selvedge.server.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import selvedge.server.api.Answer;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.TestRequest;

final class ApiRouterTest {
  private final ApiRouter router =
      new ApiRouter(
          List.of(
              new NamedProtocol(ProtocolName.V1),
              new NamedProtocol(ProtocolName.REST),
              new NamedProtocol(ProtocolName.BINDING)));

  /** Answers with its own name. */
  private record NamedProtocol(ProtocolName name) implements Protocol {
    @Override
    public Optional<LoopResult> answerNow(Request request) {
      return Optional.of(new LoopResult.Answered(Response.text(200, "text/plain", "now " + name)));
    }

    @Override
    public Response answer(Request request) {
      return Response.text(200, "text/plain", name.toString());
    }

    @Override
    public Response refusal(int status, String message) {
      return Response.text(status, "text/plain", name + " refuses: " + message);
    }
  }

  private Answer answer(TestRequest request) {
    return Answer.of(router.answer(request));
  }

  private Answer answer(String path) {
    return answer(new TestRequest("GET", path));
  }

  @Test
  void theProtocolOfTheRouteAnswers() {
    assertThat(answer("/v1/status").text()).isEqualTo("V1");
    assertThat(answer("/client/v4/user").text()).isEqualTo("REST");
    assertThat(answer("/kv/shop/key").text()).isEqualTo("BINDING");
    assertThat(
            Answer.now(router.answerNow(new TestRequest("GET", "/v1/status"))).orElseThrow().text())
        .isEqualTo("now V1");
  }

  @Test
  void aPrefixEndsAtASlash() {
    assertThat(answer("/v1x").status()).isEqualTo(404);
    assertThat(answer("/v1x").text()).isEqualTo("V1 refuses: there is nothing at /v1x");
    assertThat(router.answerNow(new TestRequest("GET", "/v1x"))).isEmpty();
  }

  @Test
  void thePathIsComparedAsItWasSent() {
    assertThat(answer("/%761/status").status()).isEqualTo(404);
    assertThat(answer("//v1/status").status()).isEqualTo(404);
    assertThat(answer("").status()).isEqualTo(404);
  }

  @Test
  void theHeaderOfABindingMakesAKeyOfEveryPathButThoseOfTheRestApi() {
    assertThat(answer(named("/v1/status")).text()).isEqualTo("BINDING");
    assertThat(answer(named("/livez")).text()).isEqualTo("BINDING");
    assertThat(answer(named("/client/v4/user")).text()).isEqualTo("REST");
  }

  private static TestRequest named(String path) {
    return new TestRequest("GET", path).with("CF-KV-Namespace-Id", "shop");
  }
}
