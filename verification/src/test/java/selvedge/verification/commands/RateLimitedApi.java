package selvedge.verification.commands;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The REST API of a server behind a limit like that of the service: after a number of requests,
 * each request gets 429 until a second has passed.
 */
final class RateLimitedApi implements AutoCloseable {
  private static final long BLOCKED_NANOS = 1_000_000_000L;

  private final URI server;
  private final int limit;
  private final HttpServer http;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int passed;
  private int refused;
  private long blockedAt;

  RateLimitedApi(URI server, int limit) throws IOException {
    this.server = server;
    this.limit = limit;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  String api() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/client/v4";
  }

  synchronized int refused() {
    return refused;
  }

  private synchronized boolean admits() {
    if (passed >= limit && System.nanoTime() - blockedAt < BLOCKED_NANOS) {
      refused++;
      return false;
    }
    if (passed >= limit) {
      passed = 0;
    }
    passed++;
    blockedAt = System.nanoTime();
    return true;
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!admits()) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        exchange.sendResponseHeaders(429, -1);
        return;
      }
      URI target = server.resolve(exchange.getRequestURI());
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
              .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
              .header("Content-Type", "application/json")
              .build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    client.close();
    threads.close();
  }
}
