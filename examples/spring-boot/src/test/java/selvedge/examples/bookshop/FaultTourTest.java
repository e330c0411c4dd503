package selvedge.examples.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import selvedge.spring.SelvedgeClientCustomizer;

/**
 * A tour of a shop whose store fails in one way after another. Each row of its table is one
 * situation; docs/how-to/spring-boot.md has the same rows. {@code -Dtour=true} visits all of them,
 * and also checks the times.
 */
@Timeout(900)
final class FaultTourTest {
  private static final boolean WHOLE = Boolean.getBoolean("tour");
  private static final String ROOT = "root-token-of-the-tour-0123456789abcdef";
  private static final String ISBN = "9780141439518";
  private static final int ROUNDS = 5;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final Pattern SECRET = Pattern.compile("\"secret\":\"([^\"]+)\"");

  /**
   * A request to the shop, and how much longer it may take while the store fails than a plain call,
   * or than itself while the store answers.
   */
  private enum Call {
    CACHED("/books/" + ISBN, false, 50),
    SESSION("/basket", true, 200),
    PLAIN("/hours", false, 50),
    PLAIN_WITH_COOKIE("/hours", true, 200),
    HEALTH("/actuator/health", false, 200);

    private final String path;
    private final boolean cookie;
    private final long millisMax;

    Call(String path, boolean cookie, long millisMax) {
      this.path = path;
      this.cookie = cookie;
      this.millisMax = millisMax;
    }

    int status(boolean healthy) {
      return healthy || (this != SESSION && this != HEALTH) ? 200 : 503;
    }
  }

  /** The answer to a call, and the time until it was complete. */
  private record Answer(int status, long millis) {
    @Override
    public String toString() {
      return status + ", " + millis + " ms";
    }
  }

  @TempDir Path folder;
  private final HttpClient browser = HttpClient.newHttpClient();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();
  private final Map<Call, Long> usual = new EnumMap<>(Call.class);
  private String shop = "";
  private String cookie = "";

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private ServerProgram server(String data, String... settings) throws IOException {
    List<String> all = new ArrayList<>(List.of("listen=127.0.0.1:0", "root-token=" + ROOT));
    all.addAll(List.of(settings));
    ServerProgram server = ServerProgram.start(folder.resolve(data), all.toArray(String[]::new));
    open.add(server);
    return server;
  }

  private FaultProxy proxy(URI server) {
    var proxy = new FaultProxy(server);
    open.add(proxy);
    return proxy;
  }

  private void openShop(URI store, Supplier<String> token, String... properties)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--server.port=0", "--selvedge.servers=" + store));
    all.addAll(List.of(properties));
    SelvedgeClientCustomizer customizer = options -> options.token(token);
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Bookshop.class)
            .initializers(
                created ->
                    ((GenericApplicationContext) created)
                        .registerBean(SelvedgeClientCustomizer.class, () -> customizer))
            .run(all.toArray(String[]::new));
    open.add(context);
    shop =
        "http://127.0.0.1:"
            + Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
    awaitHealth();
    HttpResponse<String> basket =
        browser.send(
            HttpRequest.newBuilder(URI.create(shop + "/basket/" + ISBN))
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    cookie = basket.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  private Answer ask(Call call) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(shop + call.path));
    if (call.cookie) {
      request.header("Cookie", cookie);
    }
    long start = System.nanoTime();
    int status = browser.send(request.build(), BodyHandlers.discarding()).statusCode();
    return new Answer(status, Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  /** Makes each call a few times, and adds a row with the median of its times. */
  private void visit(String situation, boolean healthy) throws IOException, InterruptedException {
    Answer first = ask(Call.CACHED);
    assertThat(first.status()).as(situation).isEqualTo(200);
    Map<Call, List<Answer>> answers = new EnumMap<>(Call.class);
    for (int round = 0; round < ROUNDS; round++) {
      for (Call call : Call.values()) {
        Answer answer = ask(call);
        assertThat(answer.status()).as(situation + ": " + call).isEqualTo(call.status(healthy));
        answers.computeIfAbsent(call, other -> new ArrayList<>()).add(answer);
      }
    }
    StringBuilder row = new StringBuilder("| " + situation + " | " + first + " |");
    answers.values().forEach(all -> row.append(' ').append(median(all)).append(" |"));
    rows.add(row.toString());
    System.out.println(row);
    if (rows.size() == 1) {
      answers.forEach((call, all) -> usual.put(call, median(all).millis()));
    } else if (WHOLE) {
      long plain = median(answers.getOrDefault(Call.PLAIN, List.of())).millis();
      answers.forEach(
          (call, all) ->
              assertThat(median(all).millis())
                  .as(situation + ": " + call)
                  .isLessThanOrEqualTo(
                      Math.max(plain, usual.getOrDefault(call, 0L)) + call.millisMax));
    }
  }

  private static Answer median(List<Answer> answers) {
    return answers.stream()
        .sorted(Comparator.comparingLong(Answer::millis))
        .skip(answers.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private void awaitHealth() throws IOException, InterruptedException {
    while (ask(Call.HEALTH).status() != 200) {
      Thread.onSpinWait();
    }
  }

  private String control(URI server, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Authorization", "Bearer " + ROOT)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = browser.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body();
  }

  private String newToken(URI server) throws IOException, InterruptedException {
    return control(
        server,
        "POST",
        "/v1/tokens",
        "{\"name\":\"shop\",\"account\":\"all\",\"grant\":\"admin\"}");
  }

  private static String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  @Test
  void aShopGoesOnWhileItsStoreFails() throws Exception {
    ServerProgram first = server("plain");
    FaultProxy proxy = proxy(first.uri());
    String created = newToken(first.uri());
    var token = new AtomicReference<>(group(SECRET, created));
    openShop(proxy.uri(), token::get);
    visit("the store answers", true);

    first.kill();
    proxy.refuse();
    visit("its process was killed", false);
    ServerProgram server = server("plain");
    proxy.forwardTo(server.uri());
    proxy.listenAgain();
    awaitHealth();

    proxy.set(FaultProxy.Fault.UNAVAILABLE);
    visit("it answers 503", false);
    proxy.set(FaultProxy.Fault.NONE);
    awaitHealth();

    if (WHOLE) {
      server.suspend();
      visit("it is silent", false);
      server.resume();
      awaitHealth();

      proxy.set(FaultProxy.Fault.SLOW);
      visit("its answers take 5 s", false);
      proxy.set(FaultProxy.Fault.NONE);
      awaitHealth();

      control(server.uri(), "DELETE", "/v1/tokens/" + group(ID, created), "");
      visit("the token was revoked", false);
      token.set(group(SECRET, newToken(server.uri())));
      awaitHealth();
      visitExpiredCertificate();
    }

    visit("it is back", true);
    assertThat(documented()).containsAll(rows.stream().map(FaultTourTest::statuses).toList());
  }

  private void visitExpiredCertificate()
      throws IOException, InterruptedException, GeneralSecurityException {
    String plainShop = shop;
    String plainCookie = cookie;
    var certificates = new Certificates(folder);
    String[] valid = tls(certificates.issue("valid", "-1H"));
    ServerProgram server = server("secure", valid);
    FaultProxy proxy = proxy(server.uri());
    openShop(
        proxy.uri(),
        () -> ROOT,
        "--spring.ssl.bundle.pem.store.truststore.certificate=file:" + certificates.authority(),
        "--selvedge.ssl-bundle=store");

    server.kill();
    ServerProgram expired = server("secure", tls(certificates.issue("expired", "-2d")));
    proxy.forwardTo(expired.uri());
    visit("its certificate has expired", false);

    expired.kill();
    proxy.forwardTo(server("secure", valid).uri());
    awaitHealth();
    shop = plainShop;
    cookie = plainCookie;
  }

  private static String[] tls(Certificates.Issued issued) {
    return new String[] {"tls-cert=" + issued.certificate(), "tls-key=" + issued.key()};
  }

  /** Returns a row without its times, which differ between machines. */
  private static String statuses(String row) {
    return row.replaceAll(", [0-9]+ ms", "");
  }

  private static List<String> documented() throws IOException {
    return Files.readAllLines(Path.of("../../docs/how-to/spring-boot.md")).stream()
        .map(FaultTourTest::statuses)
        .toList();
  }
}
