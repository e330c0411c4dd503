package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.WriteOptions;
import selvedge.server.api.Answer;

final class KeysTest {
  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private void put(String... names) {
    for (String name : names) {
      rest.namespace.put(Key.of(name), Bytes.EMPTY, WriteOptions.PLAIN);
    }
  }

  private String cursor(Answer page) {
    String cursor = page.info().get("cursor").asString();
    assertThat(page.info().get("cursors").get("after").asString()).isEqualTo(cursor);
    return cursor;
  }

  @Test
  void anEmptyNamespaceHasOneEmptyPage() {
    Answer page = rest.get(rest.keys("?prefix=")).ok();

    assertThat(page.result().toString()).isEqualTo("[]");
    assertThat(page.info().toString())
        .isEqualTo("{\"count\":0,\"cursor\":\"\",\"cursors\":{\"after\":\"\"}}");
  }

  @Test
  void keysHaveOnlyTheMembersThatAreSet() {
    rest.namespace.put(Key.of("a"), Bytes.utf8("1"), WriteOptions.PLAIN);
    rest.namespace.put(
        Key.of("b"),
        Bytes.utf8("2"),
        WriteOptions.PLAIN.expiresAt(RestFixture.NOW.plusSeconds(100)));
    rest.namespace.put(
        Key.of("c"),
        Bytes.utf8("3"),
        WriteOptions.PLAIN.metadata(Metadata.json("{\"é\":[false]}")));

    assertThat(rest.get(rest.keys("")).ok().result().toString())
        .isEqualTo(
            "[{\"name\":\"a\"},{\"name\":\"b\",\"expiration\":"
                + RestFixture.NOW.plusSeconds(101).getEpochSecond()
                + "},{\"name\":\"c\",\"metadata\":{\"é\":[false]}}]");
  }

  @Test
  void listsKeysInByteOrder() {
    put("b", "B", "a/b", "a", "é", "\uffee", "😀", "10", "9", "\u0000", "~");

    assertThat(rest.names(""))
        .containsExactly("\u0000", "10", "9", "B", "a", "a/b", "b", "~", "é", "\uffee", "😀");
  }

  @Test
  void aPrefixIsLiteral() {
    put("a%b", "a_b", "a+b", "a b", "A", "é1", "é2");

    assertThat(rest.names("?prefix=a%25")).containsExactly("a%b");
    assertThat(rest.names("?prefix=a_")).containsExactly("a_b");
    assertThat(rest.names("?prefix=a+")).containsExactly("a b");
    assertThat(rest.names("?prefix=a%20")).containsExactly("a b");
    assertThat(rest.names("?prefix=a%2B")).containsExactly("a+b");
    assertThat(rest.names("?prefix=A")).containsExactly("A");
    assertThat(rest.names("?prefix=%C3%A9")).containsExactly("é1", "é2");
    assertThat(rest.names("?prefix=none")).isEmpty();
  }

  @Test
  void aCursorReturnsTheNextPage() {
    put("a", "b", "c", "d", "e");

    Answer first = rest.get(rest.keys("?limit=2")).ok();
    assertThat(first.info().get("count").asInt()).isEqualTo(2);
    String next = cursor(first);
    assertThat(next).matches("[A-Za-z0-9_-]+");
    Answer second = rest.get(rest.keys("?limit=2&cursor=" + next)).ok();
    assertThat(second.result().toString()).isEqualTo("[{\"name\":\"c\"},{\"name\":\"d\"}]");
    Answer last = rest.get(rest.keys("?limit=2&cursor=" + cursor(second))).ok();
    assertThat(last.result().toString()).isEqualTo("[{\"name\":\"e\"}]");
    assertThat(cursor(last)).isEmpty();
  }

  @Test
  void aFullLastPageHasNoCursor() {
    put("a", "b");

    assertThat(cursor(rest.get(rest.keys("?limit=2")).ok())).isEmpty();
  }

  @Test
  void anEmptyCursorReturnsTheFirstPage() {
    put("a");

    assertThat(rest.names("?cursor=")).containsExactly("a");
  }

  @Test
  void aCursorIsValidAfterItsKeyIsDeletedAndSeesNewKeys() {
    put("a", "b", "d");
    String cursor = cursor(rest.get(rest.keys("?limit=2")).ok());

    rest.delete(rest.value("b")).ok();
    put("aa", "c");

    assertThat(rest.names("?cursor=" + cursor)).containsExactly("c", "d");
  }

  @Test
  void aCursorWorksForTheLongestKey() {
    String longest = "😀".repeat(128);
    put(longest, longest.substring(0, 254) + "\uffff");

    String cursor = cursor(rest.get(rest.keys("?limit=1")).ok());

    assertThat(rest.names("?cursor=" + cursor)).containsExactly(longest);
  }

  @Test
  void refusesACursorOfAnotherPrefix() {
    put("a1", "a2", "b1", "b2");
    String cursor = cursor(rest.get(rest.keys("?limit=1&prefix=a")).ok());

    assertThat(rest.names("?prefix=a&cursor=" + cursor)).containsExactly("a2");
    for (String query : List.of("?cursor=", "?prefix=b&cursor=", "?prefix=&cursor=")) {
      assertThat(rest.get(rest.keys(query + cursor)).code()).isEqualTo(10041);
    }
  }

  @Test
  void refusesACursorOfAnotherNamespace() {
    put("a", "b");
    NamespaceId other = rest.memory.create(RestFixture.ACCOUNT, "other").id();
    String cursor = cursor(rest.get(rest.keys("?limit=1")).ok());

    rest.get(RestFixture.NAMESPACES + "/" + other + "/keys?cursor=" + cursor)
        .fails(
            400,
            10041,
            "list keys: 'the cursor belongs to another listing: repeat the prefix of the first"
                + " page, or start without a cursor'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AAAA", "%F0%9F%98%80", "YWJjZGVm", "....", "=", "%00"})
  void refusesAMalformedCursor(String cursor) {
    Answer answer = rest.get(rest.keys("?cursor=" + cursor));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(10041);
  }

  @Test
  void refusesACursorWithOneChangedCharacter() {
    put("aaaa", "b");
    String cursor = cursor(rest.get(rest.keys("?limit=1")).ok());

    for (int i = 0; i < cursor.length() - 1; i++) {
      char other = cursor.charAt(i) == 'x' ? 'y' : 'x';
      String changed = cursor.substring(0, i) + other + cursor.substring(i + 1);
      assertThat(rest.get(rest.keys("?cursor=" + changed)).code()).isEqualTo(10041);
    }
  }

  @Test
  void limitsTheKeysOfAPage() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1001; i++) {
      names.add(String.format("%04d", i));
    }
    put(names.toArray(String[]::new));

    assertThat(rest.names("")).isEqualTo(names.subList(0, 1000));
    assertThat(rest.names("?limit=1000")).hasSize(1000);
    assertThat(rest.names("?limit=1")).hasSize(1);
    rest.get(rest.keys("?limit=1001"))
        .fails(400, 10028, "list keys: 'limit is 1 to 1000, not 1001'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "", "ten", "5.5", "99999999999"})
  void refusesAnInvalidLimit(String limit) {
    rest.get(rest.keys("?limit=" + limit))
        .fails(400, 10028, "list keys: 'limit is 1 to 1000, not " + limit + "'");
  }

  @Test
  void aConfiguredPageIsLongerOnlyOnRequest() {
    var wide = new RestFixture(spool, Limit.PAGE_KEYS, 2000);
    for (int i = 0; i < 1500; i++) {
      wide.namespace.put(Key.of("k" + i), Bytes.EMPTY, WriteOptions.PLAIN);
    }

    assertThat(wide.names("")).hasSize(1000);
    assertThat(wide.names("?limit=2000")).hasSize(1500);
  }

  @Test
  void limitsTheBytesOfAPrefix() {
    assertThat(rest.names("?prefix=" + "x".repeat(512))).isEmpty();

    rest.get(rest.keys("?prefix=" + "x".repeat(513)))
        .fails(
            414,
            10030,
            "list keys: 'UTF-8 encoded length of 513 exceeds key length limit of 512.'");
  }

  @Test
  void refusesAMalformedEscapeInTheQuery() {
    assertThat(rest.get(rest.keys("?prefix=%zz")).status()).isEqualTo(400);
  }

  @Test
  void aListingMayStartAfterAnyKey() {
    put("a", "b", "c", "p1", "p2");

    assertThat(rest.names("?start=b")).containsExactly("b", "c", "p1", "p2");
    assertThat(rest.names("?start_after=b")).containsExactly("c", "p1", "p2");
    assertThat(rest.names("?start=bb")).containsExactly("c", "p1", "p2");
    assertThat(rest.names("?prefix=p&start_after=p1")).containsExactly("p2");
    assertThat(rest.names("?prefix=p&start=a")).containsExactly("p1", "p2");
    assertThat(rest.names("?start=z")).isEmpty();
  }

  @Test
  void onlyTheLastPageMayBeEmpty() {
    for (int i = 0; i < 50; i++) {
      rest.namespace.put(
          Key.of("k" + i),
          Bytes.EMPTY,
          WriteOptions.PLAIN.expiresAt(RestFixture.NOW.plusSeconds(60)));
    }
    put("z");

    rest.clock.advance(Duration.ofSeconds(61));

    Answer page = rest.get(rest.keys("?limit=1")).ok();
    assertThat(page.result().toString()).isEqualTo("[{\"name\":\"z\"}]");
    assertThat(cursor(page)).isEmpty();
  }
}
