package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Limit;
import selvedge.server.api.Answer;
import selvedge.server.api.TestRequest;

final class NamespacesTest {
  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  @Test
  void createReturnsTheNamespace() {
    Answer answer = rest.post(RestFixture.NAMESPACES, "{\n  \"title\": \"CACHE\"\n}").ok();

    String id = answer.result().get("id").asString();
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(answer.result().toString())
        .isEqualTo("{\"id\":\"" + id + "\",\"title\":\"CACHE\",\"supports_url_encoding\":true}");
    assertThat(rest.get(RestFixture.NAMESPACES + "/" + id).ok().result())
        .isEqualTo(answer.result());
  }

  @Test
  void acceptsTheOldPath() {
    String alias = rest.path().replace("/storage/kv/", "/workers/");

    assertThat(rest.get(alias).ok().result()).isEqualTo(rest.get(rest.path()).ok().result());
    rest.put(alias + "/values/a", "1").ok();
    assertThat(rest.get(rest.value("a")).text()).isEqualTo("1");
  }

  @Test
  void createRefusesATakenTitleAndReturnsItsNamespace() {
    Answer answer =
        rest.post(RestFixture.NAMESPACES, "{\"title\":\"things\"}")
            .fails(
                400,
                10014,
                "create namespace: 'a namespace with this account ID and title already exists'");

    assertThat(answer.json().get("errors").get(0).get("error_chain").toString())
        .contains(rest.id.hex());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"title\":\"\"}", "{\"title\":null}", "{\"title\":5}", "[]", "\"t\""})
  void createRefusesABodyWithoutATitle(String body) {
    rest.post(RestFixture.NAMESPACES, body)
        .fails(400, 10019, "create namespace: 'request is missing a title definition'");
    rest.put(rest.path(), body)
        .fails(400, 10019, "rename namespace: 'request is missing a title definition'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"title\":", "title=x", "{\"title\":\"a\"} {"})
  void createRefusesABodyThatIsNotJson(String body) {
    rest.post(RestFixture.NAMESPACES, body)
        .fails(400, 6008, "create namespace: 'the body is not JSON'");
  }

  @Test
  void createRefusesATooLongBody() {
    String title = " ".repeat(2_000_000);

    assertThat(rest.post(RestFixture.NAMESPACES, "{\"title\":\"" + title + "\"}").status())
        .isEqualTo(413);
  }

  @Test
  void storesTheMode() {
    String answer =
        rest.post(RestFixture.NAMESPACES, "{\"title\":\"moded\",\"mode\":\"classic\"}").ok().text();
    String id = rest.memory.find(RestFixture.ACCOUNT, "moded").orElseThrow().id().hex();
    String path = RestFixture.NAMESPACES + "/" + id;

    assertThat(answer).contains("\"mode\":\"classic\"");
    assertThat(rest.put(path, "{\"title\":\"renamed\"}").ok().text())
        .contains("\"mode\":\"classic\"");
    assertThat(rest.get(path).ok().text()).contains("\"mode\":\"classic\"");
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"none\",\"mode\":null}").ok();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`\"mode\":\"nowhere\"`, `mode is instant or classic, not nowhere`",
        "`\"mode\":5`, `mode is instant or classic, not 5`",
        "`\"jurisdiction\":\"nowhere\"`, `jurisdiction must be eu, fedramp or us, got nowhere`",
        "`\"jurisdiction\":[]`, `jurisdiction must be eu, fedramp or us, got [`",
        "`\"jurisdiction\":\"eu\"`, `this server cannot keep data in the jurisdiction eu: run it"
            + " where the data must stay, and leave jurisdiction out`",
        "`\"jurisdiction\":\"us\"`, `this server cannot keep data in the jurisdiction us: run it"
            + " where the data must stay, and leave jurisdiction out`",
      })
  void refusesUnsupportedModesAndJurisdictions(String member, String reason) {
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"x\"," + member + "}")
        .fails(400, 10019, "create namespace: '" + reason + "'");

    assertThat(rest.memory.find(RestFixture.ACCOUNT, "x")).isEmpty();
  }

  @Test
  void titlesHaveUpTo512Characters() {
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"" + "é".repeat(512) + "\"}").ok();

    rest.post(RestFixture.NAMESPACES, "{\"title\":\"" + "é".repeat(513) + "\"}")
        .fails(400, 10019, "create namespace: 'a title has at most 512 characters'");
    rest.put(rest.path(), "{\"title\":\"" + "é".repeat(513) + "\"}")
        .fails(400, 10019, "rename namespace: 'a title has at most 512 characters'");
  }

  @Test
  void limitsTheNamespacesOfAnAccount() {
    var small = new RestFixture(spool, Limit.NAMESPACES_PER_ACCOUNT, 2);
    small.post(RestFixture.NAMESPACES, "{\"title\":\"second\"}").ok();

    Answer answer = small.post(RestFixture.NAMESPACES, "{\"title\":\"third\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(10018);
  }

  @Test
  void renameReturnsTheNewTitle() {
    Answer answer = rest.put(rest.path(), "{\"title\":\"other things\"}").ok();

    assertThat(answer.result().get("title").asString()).isEqualTo("other things");
    assertThat(answer.result().get("id").asString()).isEqualTo(rest.id.hex());
  }

  @Test
  void renameRefusesATakenTitle() {
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"taken\"}").ok();

    rest.put(rest.path(), "{\"title\":\"taken\"}")
        .fails(
            400,
            10014,
            "rename namespace: 'a namespace with this account ID and title already exists'");
  }

  @Test
  void aDeletedNamespaceIsGone() {
    assertThat(rest.delete(rest.path()).ok().result().isNull()).isTrue();

    rest.get(rest.path()).fails(404, 10013, "get namespace: 'namespace not found'");
    rest.put(rest.path(), "{\"title\":\"x\"}")
        .fails(404, 10013, "rename namespace: 'namespace not found'");
    rest.delete(rest.path()).fails(404, 10013, "remove namespace: 'namespace not found'");
    rest.get(rest.keys("")).fails(404, 10013, "list keys: 'namespace not found'");
    rest.get(rest.value("a")).fails(404, 10013, "get: 'namespace not found'");
    rest.get(rest.metadata("a")).fails(404, 10013, "metadata: 'namespace not found'");
    rest.put(rest.value("a"), "1").fails(404, 10013, "put: 'namespace not found'");
    rest.delete(rest.value("a")).fails(404, 10013, "remove key: 'namespace not found'");
    rest.put(rest.bulk(""), "[]").fails(404, 10013, "bulk put: 'namespace not found'");
    rest.delete(rest.bulk(""), "[]").fails(404, 10013, "bulk remove keys: 'namespace not found'");
    rest.post(rest.bulk("/get"), "{\"keys\":[\"a\"]}")
        .fails(404, 10013, "bulk get keys: 'namespace not found'");
  }

  @Test
  void refusesATrailingSlash() {
    for (String method : List.of("GET", "PUT", "DELETE", "POST")) {
      Answer answer =
          rest.send(new TestRequest(method, rest.path() + "/").body("{\"title\":\"x\"}"));

      answer.fails(
          404,
          7003,
          "Could not route to " + rest.path() + "/, perhaps your object identifier is invalid?");
    }
    assertThat(rest.get(rest.path()).ok().result().get("title").asString()).isEqualTo("things");
  }

  @Test
  void refusesAnIdOfAnotherForm() {
    for (String id :
        List.of("abc", rest.id.hex().toUpperCase(java.util.Locale.ROOT) + "0", "%20")) {
      rest.get(RestFixture.NAMESPACES + "/" + id + "/keys")
          .fails(
              400,
              10011,
              "could not parse UUID from request's namespace_id: 'invalid namespace format: "
                  + id
                  + "'");
    }
  }

  @Test
  void aNamespaceOfAnotherAccountIsNotFound() {
    String foreign = rest.path().replace(RestFixture.ACCOUNT.hex(), RestFixture.OTHER.hex());
    String absent = foreign.replace(rest.id.hex(), "0".repeat(31) + "9");

    assertThat(rest.get(foreign).text()).isEqualTo(rest.get(absent).text());
    rest.get(foreign).fails(404, 10013, "get namespace: 'namespace not found'");
  }

  @Test
  void listReturnsItsPages() {
    create("b", "c", "a");

    Answer first = list("?per_page=3&order=title&direction=asc");
    assertThat(titles(first)).containsExactly("a", "b", "c");
    assertThat(first.info().toString())
        .isEqualTo("{\"page\":1,\"per_page\":3,\"count\":3,\"total_count\":4,\"total_pages\":2}");
    Answer second = list("?per_page=3&order=title&direction=asc&page=2");
    assertThat(titles(second)).containsExactly("things");
    assertThat(second.info().get("count").asInt()).isEqualTo(1);
    Answer beyond = list("?per_page=3&page=3");
    assertThat(beyond.result().toString()).isEqualTo("[]");
    assertThat(beyond.info().get("total_count").asInt()).isEqualTo(4);
    assertThat(list("?page=2147483647&per_page=1000").result().toString()).isEqualTo("[]");
  }

  @Test
  void listSortsByTitleOrId() {
    create("b", "B", "é", "😀", "\uffee");

    assertThat(titles(list("?order=title")))
        .containsExactly("B", "b", "things", "é", "\uffee", "😀");
    assertThat(titles(list("?order=title&direction=desc")))
        .containsExactly("😀", "\uffee", "é", "things", "b", "B");
    List<String> ids = new ArrayList<>();
    list("?order=id&direction=asc")
        .result()
        .forEach(namespace -> ids.add(namespace.get("id").asString()));
    assertThat(ids).isSorted();
  }

  @Test
  void listReturnsTwentyByDefault() {
    for (int i = 0; i < 25; i++) {
      create("n" + i);
    }

    assertThat(titles(list(""))).hasSize(20);
    assertThat(titles(list("?per_page=1000"))).hasSize(26);
    assertThat(list("/?per_page=1").info().get("total_pages").asInt()).isEqualTo(26);
  }

  @Test
  void listOfAnAccountWithoutNamespacesIsEmpty() {
    Answer answer =
        rest.get(RestFixture.NAMESPACES.replace(RestFixture.ACCOUNT.hex(), RestFixture.OTHER.hex()))
            .ok();

    assertThat(answer.result().toString()).isEqualTo("[]");
    assertThat(answer.info().get("total_count").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "page=0,10007",
    "page=-1,10007",
    "page=x,10007",
    "page=,10007",
    "per_page=0,10008",
    "per_page=1001,10008",
    "per_page=ten,10008",
    "order=name,10043",
    "order=,10043",
    "direction=up,10044"
  })
  void listRefusesInvalidParameters(String query, int code) {
    Answer answer = rest.get(RestFixture.NAMESPACES + "?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.message()).startsWith("list namespaces: '");
  }

  private void create(String... titles) {
    for (String title : titles) {
      rest.post(RestFixture.NAMESPACES, "{\"title\":\"" + title + "\"}").ok();
    }
  }

  private Answer list(String query) {
    return rest.get(RestFixture.NAMESPACES + query).ok();
  }

  private static List<String> titles(Answer answer) {
    List<String> titles = new ArrayList<>();
    answer.result().forEach(namespace -> titles.add(namespace.get("title").asString()));
    return titles;
  }
}
