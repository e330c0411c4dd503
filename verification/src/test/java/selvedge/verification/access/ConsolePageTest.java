package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.verification.process.RawClient;

/** The page and the files of the console, as browsers and other clients request them. */
final class ConsolePageTest {
  private static final String LOCAL = "Host: 127.0.0.1:5820";
  private static final String BROWSER =
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  private static final String ROOT = "root-token-of-the-tests-of-the-console";

  @TempDir static Path folder;

  private static OpenServer server;

  @BeforeAll
  static void start() {
    server = OpenServer.on(folder, "root-token", ROOT);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aBrowserGetsThePageWithoutAToken() throws Exception {
    RawClient.Answer page = server.ask("GET /", LOCAL, BROWSER);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers())
        .containsEntry("content-type", "text/html; charset=utf-8")
        .containsEntry("cache-control", "no-cache")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("cross-origin-opener-policy", "same-origin")
        .containsEntry("referrer-policy", "same-origin")
        .doesNotContainKey("selvedge-as-of");
    assertThat(page.headers().get("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body().utf8()).startsWith("<!doctype html>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept: */*", "Accept: application/json", "User-Agent: curl/8"})
  void everyOtherClientGetsTheText(String header) throws Exception {
    RawClient.Answer text = server.ask("GET /", LOCAL, header);

    assertThat(text.headers())
        .containsEntry("content-type", "text/plain; charset=utf-8")
        .containsEntry("vary", "Accept");
    assertThat(text.body().utf8()).startsWith("Selvedge: Workers KV").contains("/v1 ");
  }

  @Test
  void aFileIsSentInGzipToClientsThatAcceptIt() throws Exception {
    RawClient.Answer plain = server.ask("GET /console/index.html", LOCAL);
    RawClient.Answer zipped =
        server.ask("GET /console/index.html", LOCAL, "Accept-Encoding: deflate, gzip, br");
    RawClient.Answer refused =
        server.ask("GET /console/index.html", LOCAL, "Accept-Encoding: gzip;q=0, br");

    assertThat(zipped.headers())
        .containsEntry("content-encoding", "gzip")
        .containsEntry("vary", "Accept-Encoding");
    assertThat(unzipped(zipped.body())).isEqualTo(plain.body());
    assertThat(refused.headers()).doesNotContainKey("content-encoding");
    assertThat(refused.body()).isEqualTo(plain.body());
  }

  private static Bytes unzipped(Bytes body) throws IOException {
    try (var in = new GZIPInputStream(body.open())) {
      return Bytes.adopt(in.readAllBytes());
    }
  }

  @Test
  void aKnownFileIsNotSentAgain() throws Exception {
    RawClient.Answer first = server.ask("GET /console/index.html", LOCAL);
    String tag = first.headers().get("etag");

    assertThat(server.ask("GET /console/index.html", LOCAL, "If-None-Match: " + tag).status())
        .isEqualTo(304);
    assertThat(server.ask("GET /", LOCAL, BROWSER, "If-None-Match: " + tag).status())
        .isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/nothing.js",
        "/console/package-info.class",
        "/console/..%2Fconsole%2Findex.html",
        "/console/../console/index.html",
        "/console/.html",
        "/console/a/index.html",
        "/console/"
      })
  void onlyFilesOfTheConsoleAreSent(String path) throws Exception {
    assertThat(server.ask("GET " + path, LOCAL).status()).isEqualTo(404);
  }

  @Test
  void pagesOfOtherSitesMayNotUseTheFiles() throws Exception {
    String site = "Sec-Fetch-Site: cross-site";

    assertThat(
            server.ask("GET /console/index.html", LOCAL, site, "Sec-Fetch-Mode: no-cors").status())
        .isEqualTo(403);
    assertThat(server.ask("GET /", LOCAL, BROWSER, site, "Sec-Fetch-Mode: navigate").status())
        .isEqualTo(200);
    assertThat(server.ask("PUT /console/index.html", LOCAL).status()).isEqualTo(404);
  }
}
