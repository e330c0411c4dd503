package selvedge.examples.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import selvedge.junit.SelvedgeServer;

/** Two bookshops with one server, like behind a load balancer. */
final class BookshopTest {
  private static final String ISBN = "9780141439518";

  @RegisterExtension final SelvedgeServer server = new SelvedgeServer();

  private final List<ConfigurableApplicationContext> shops = new ArrayList<>();
  private HttpClient browser = HttpClient.newHttpClient();

  @BeforeEach
  void open() {
    browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    shops.add(shop());
    shops.add(shop());
  }

  private ConfigurableApplicationContext shop() {
    return new SpringApplicationBuilder(Bookshop.class)
        .run("--server.port=0", "--selvedge.servers=" + server.uri());
  }

  @AfterEach
  void close() {
    shops.forEach(ConfigurableApplicationContext::close);
  }

  private URI at(int shop, String path) {
    String port = shops.get(shop).getEnvironment().getProperty("local.server.port");
    return URI.create("http://127.0.0.1:" + Objects.requireNonNull(port) + path);
  }

  private String ask(String method, int shop, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(at(shop, path)).method(method, BodyPublishers.noBody()).build();
    HttpResponse<String> answer = browser.send(request, BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void bothShopsShareTheCacheOfBooks() throws IOException, InterruptedException {
    String first = ask("GET", 0, "/books/" + ISBN);
    assertThat(first).startsWith("200").contains("Pride and Prejudice");
    assertThat(ask("GET", 1, "/books/" + ISBN)).isEqualTo(first);
    assertThat(shops.get(1).getBean(Catalogue.class).lookups()).isEqualTo(0);
    assertThat(ask("GET", 0, "/books/none")).startsWith("404");
    assertThat(ask("GET", 1, "/books/none")).startsWith("404");
    assertThat(shops.get(1).getBean(Catalogue.class).lookups()).isEqualTo(0);
  }

  @Test
  void bothShopsShareABasketThatSurvivesARestart() throws IOException, InterruptedException {
    assertThat(ask("POST", 0, "/basket/" + ISBN)).isEqualTo("200 [\"Pride and Prejudice\"]");
    assertThat(ask("POST", 1, "/basket/9780141439600"))
        .isEqualTo("200 [\"Pride and Prejudice\",\"A Tale of Two Cities\"]");
    shops.removeFirst().close();
    shops.addFirst(shop());
    assertThat(ask("GET", 0, "/basket")).contains("A Tale of Two Cities");
    assertThat(ask("DELETE", 0, "/basket")).startsWith("200");
    assertThat(ask("GET", 1, "/basket")).isEqualTo("200 []");
  }

  @Test
  void healthAndMetricsIncludeTheStore() throws IOException, InterruptedException {
    assertThat(ask("GET", 0, "/actuator/health"))
        .startsWith("200")
        .contains("\"selvedge\":{\"details\":{\"version\":");
    ask("GET", 0, "/books/" + ISBN);
    assertThat(ask("GET", 0, "/actuator/metrics/selvedge.client.requests"))
        .startsWith("200")
        .contains("operation");
    assertThat(ask("GET", 0, "/actuator/metrics/cache.gets?tag=name:books&tag=result:miss"))
        .startsWith("200")
        .contains("\"value\":1.0");
    assertThat(ask("GET", 0, "/actuator/caches")).contains("books");
  }
}
