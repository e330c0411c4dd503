package selvedge.server.api.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.TestRequest;

final class RoutesTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final String ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
  private static final String NAMESPACES =
      "/client/v4/accounts/" + ACCOUNT + "/storage/kv/namespaces";

  private static Target target(String method, String path) {
    return Routes.of(new TestRequest(method, path));
  }

  private static Route route(String method, String path) {
    return target(method, path).route();
  }

  @Test
  void theKeyIsTheRestOfThePath() {
    Target target = target("PUT", NAMESPACES + "/abc/values/a/b%2Fc");

    assertThat(target.route()).isEqualTo(RestRoute.PUT);
    assertThat(target.account().hex()).isEqualTo(ACCOUNT);
    assertThat(target.namespace().text()).isEqualTo("abc");
    assertThat(target.key(LIMITS)).isEqualTo(Key.of("a/b/c"));
  }

  @Test
  void olderClientsUseAnotherPath() {
    String path = "/client/v4/accounts/" + ACCOUNT + "/workers/namespaces";

    assertThat(route("GET", path)).isEqualTo(RestRoute.LIST_NAMESPACES);
    assertThat(route("GET", path + "/")).isEqualTo(RestRoute.LIST_NAMESPACES);
    assertThat(route("GET", path + "/abc/values/k")).isEqualTo(RestRoute.GET);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /abc, GET_NAMESPACE",
    "PUT, /abc, RENAME_NAMESPACE",
    "DELETE, /abc, DELETE_NAMESPACE",
    "GET, /abc/keys, LIST",
    "HEAD, /abc/values/bulk/get, GET",
    "GET, /abc/metadata/k, METADATA",
    "PUT, /abc/bulk, BULK_PUT",
    "DELETE, /abc/bulk, BULK_DELETE",
    "POST, /abc/bulk/delete, BULK_DELETE_BY_POST",
    "POST, /abc/bulk/get, BULK_GET"
  })
  void theMethodAndThePathNameTheOperationOfTheRestApi(
      String method, String path, RestRoute expected) {
    assertThat(route(method, NAMESPACES + path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NAMESPACES + "/abc/",
        NAMESPACES + "/abc/keys/",
        NAMESPACES + "/abc/values/",
        NAMESPACES + "/abc/bulk/other",
        "/client/v4/accounts/short/storage/kv/namespaces",
        "/client/v4/accounts//storage/kv/namespaces",
        "/client/v4",
        "/v1/namespaces/",
        "/v1/tokens/a/b",
        "/nothing"
      })
  void aPathOfAnotherFormHasNoRoute(String path) {
    assertThat(route("GET", path))
        .isInstanceOfSatisfying(
            UnmatchedRoute.class, unmatched -> assertThat(unmatched.hasPath()).isFalse());
  }

  @Test
  void aMethodThatThePathDoesNotTakeHasNoRoute() {
    assertThat(route("PATCH", NAMESPACES + "/abc/values/k"))
        .isInstanceOfSatisfying(
            UnmatchedRoute.class,
            unmatched -> {
              assertThat(unmatched.hasPath()).isTrue();
              assertThat(unmatched.isRead()).isFalse();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "GET, '', LIST",
    "GET, /, LIST",
    "GET, /a, GET",
    "GET, /bulk/get, GET",
    "POST, /bulk/get, BULK_GET",
    "PUT, '', PUT",
    "DELETE, /a/b, DELETE"
  })
  void aHeaderOrAPathNamesTheNamespaceOfABinding(
      String method, String path, BindingRoute expected) {
    assertThat(route(method, "/kv/shop" + path)).isEqualTo(expected);
    assertThat(
            Routes.of(new TestRequest(method, path).with(HeaderNames.CF_KV_NAMESPACE_ID, "shop"))
                .route())
        .isEqualTo(expected);
  }

  @Test
  void onlyANamespaceInAPathIsEncoded() {
    assertThat(target("GET", "/kv/a%20b/k").namespace().text()).isEqualTo("a b");
    assertThat(target("GET", "/v1/namespaces/a%20b").namespace().text()).isEqualTo("a b");
    assertThat(target("GET", NAMESPACES + "/a%20b").namespace().text()).isEqualTo("a%20b");
    assertThat(
            Routes.of(new TestRequest("GET", "/k").with(HeaderNames.CF_KV_NAMESPACE_ID, "a%20b"))
                .namespace()
                .text())
        .isEqualTo("a%20b");
    Target broken = target("GET", "/v1/namespaces/%zz");
    assertThatThrownBy(broken::namespace).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void theFeedIsThreeOperations() {
    assertThat(route("GET", "/v1/feed")).isEqualTo(V1Route.FOLLOW_ALL);
    assertThat(route("GET", "/v1/feed?namespace=shop")).isEqualTo(V1Route.FOLLOW_NAMESPACE);
    assertThat(Routes.of(new TestRequest("GET", "/v1/feed").with("Accept", V1Route.FRAMES)).route())
        .isEqualTo(V1Route.FOLLOW_FRAMES);
    assertThat(
            Routes.of(
                    new TestRequest("GET", "/v1/feed?namespace=shop")
                        .with("Accept", V1Route.FRAMES))
                .route())
        .isEqualTo(V1Route.FOLLOW_NAMESPACE);
  }

  @ParameterizedTest
  @EnumSource(V1Route.class)
  void noKeyOfV1MakesAnotherRouteOfTheRequest(V1Route other) {
    String key = other.entry().path().shown().replaceAll("[{}]", "");

    assertThat(route("POST", "/v1/namespaces/shop/increment" + key)).isEqualTo(V1Route.INCREMENT);
    assertThat(route("PUT", "/v1/namespaces/shop/values" + key)).isEqualTo(V1Route.PUT);
  }
}
