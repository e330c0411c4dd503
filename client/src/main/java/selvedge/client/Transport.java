package selvedge.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import selvedge.model.ClosedException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.wire.UnknownFrameException;

/**
 * Sends requests, and repeats them until one is answered, the deadline has passed or a repetition
 * is not safe. Safe for use by many threads.
 *
 * <p>{@link RetryPolicy} says what is repeated and when.
 */
final class Transport implements AutoCloseable {
  private static final Duration WAIT_FIRST = Duration.ofMillis(50);
  private static final Duration WAIT_MAX = Duration.ofSeconds(2);

  private final HttpClient http;
  private final ClientOptions options;
  private final Servers servers;
  private final RetryPolicy retries;
  private final Epochs epochs = new Epochs();
  private final Watchdog watchdog = new Watchdog();
  private final Circuit circuit;
  private final CircuitProbe probe;
  private final Semaphore slots;
  private volatile boolean closed;

  Transport(ClientOptions options, RandomGenerator random) {
    this.options = options;
    this.http = options.newHttpClient();
    this.servers = new Servers(options.servers(), System::nanoTime);
    this.retries = new RetryPolicy(options.servers().size(), options.failFast(), random);
    this.circuit = new Circuit(options.servers().size(), System::nanoTime);
    this.probe = new CircuitProbe(http, options.servers(), circuit, random);
    this.slots = new Semaphore(options.maxConcurrent(), true);
  }

  /** Converts an answer. It must read the body to its end, close it or return it. */
  interface AnswerReader<T> {
    T read(HttpResponse<InputStream> answer) throws IOException;
  }

  /**
   * Sends a request and reads its answer, also one with an error status. Waits first until fewer
   * requests than the configured number are in flight.
   */
  <T> T send(ClientRequest request, AnswerReader<T> reader) {
    requireUsable();
    long deadline = System.nanoTime() + options.deadline().toNanos();
    requireSlot(deadline);
    try {
      return send(request, reader, deadline);
    } finally {
      slots.release();
    }
  }

  private void requireUsable() {
    if (closed) {
      throw new ClosedException("this client has been closed");
    }
    if (circuit.isOpen()) {
      throw new UnreachableException(
          "no server of " + options.servers() + " answers; nothing was sent", null);
    }
  }

  private void requireSlot(long deadline) {
    try {
      if (!slots.tryAcquire(left(deadline).toNanos(), TimeUnit.NANOSECONDS)) {
        throw new OverloadedException(
            options.maxConcurrent()
                + " requests are in flight, and none of them has ended within "
                + options.deadline());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted before anything was sent", e);
    }
  }

  private <T> T send(ClientRequest request, AnswerReader<T> reader, long deadline) {
    Duration wait = WAIT_FIRST;
    Duration required = WAIT_MAX; // by any server since the last pause
    for (int number = 1; true; number++) {
      var attempt =
          new Observer.Attempt(
              request.operation(), servers.current(request.isRepeatable()), number);
      long start = System.nanoTime();
      Duration pause;
      try {
        HttpResponse<InputStream> answer = exchange(request, attempt, deadline);
        if (mustAskAgain(request, attempt.server(), answer) && isBefore(deadline, Duration.ZERO)) {
          answer.body().close();
          continue;
        }
        Optional<Duration> next = retries.pauseAfter(request, answer, number, wait);
        if (next.isEmpty() || !isBefore(deadline, next.get())) {
          return read(request, answer, reader, deadline);
        }
        answer.body().close();
        pause = next.get();
        required = shorter(required, RetryPolicy.required(answer).orElse(required));
      } catch (IOException e) {
        servers.failed(attempt.server());
        pause = retries.pauseAfter(e, number, shorter(wait, required));
        if (isLast(request, e, attempt, start) || !isBefore(deadline, pause)) {
          throw failure(request, attempt.server(), e);
        }
      }
      if (!pause.isZero()) {
        pause(pause);
        wait = longer(wait);
        required = WAIT_MAX;
      }
    }
  }

  /** Records the failure of an attempt, and returns whether there must be no further attempt. */
  private boolean isLast(
      ClientRequest request, IOException failure, Observer.Attempt attempt, long start) {
    if (options.failFast() && opensCircuit(failure, attempt.server(), start)) {
      probe.start();
    }
    boolean useless = ConnectionFailures.isTls(failure) && attempt.number() >= servers.size();
    useless |= isUnknownForm(failure);
    return closed || useless || circuit.isOpen() || !RetryPolicy.isSafe(request, failure);
  }

  private boolean opensCircuit(IOException failure, URI server, long start) {
    if (ConnectionFailures.isUnsent(failure)) {
      return circuit.refused(server);
    }
    return failure instanceof HttpTimeoutException
        ? circuit.timedOut(server, start)
        : circuit.failed();
  }

  /** Appends a target to the address of a server, which may have a path of its own. */
  static URI at(URI server, String target) {
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + target);
  }

  private <T> T read(
      ClientRequest request,
      HttpResponse<InputStream> answer,
      AnswerReader<T> reader,
      long deadline)
      throws IOException {
    Watchdog.Guard guard = watchdog.guard(answer.body(), left(deadline));
    try {
      requireKnownOutcome(request, answer);
      return reader.read(answer);
    } catch (IOException e) {
      throw guard.isExpired()
          ? new IOException("the answer did not arrive within " + options.deadline(), e)
          : e;
    } finally {
      guard.close();
    }
  }

  /** A server, or a proxy before it, that has lost a change on its way answers 502 or 504. */
  private static void requireKnownOutcome(ClientRequest request, HttpResponse<InputStream> answer)
      throws IOException {
    int status = answer.statusCode();
    if (!request.isRepeatable() && RetryPolicy.isOutcomeUnknown(status)) {
      SelvedgeException refusal = Failures.of(status, Answers.body(answer));
      throw new UncertainException(
          answer.uri().getAuthority()
              + " answered "
              + status
              + ": "
              + refusal.getMessage()
              + "; the change may have been made",
          refusal);
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }

  /** Returns the body of a stream, whose reads fail when nothing arrives for the given time. */
  InputStream patient(HttpResponse<InputStream> answer, Duration patience) {
    return watchdog.patient(answer.body(), patience);
  }

  /** Returns the body of a stream, whose reads fail when nothing arrives until the deadline. */
  InputStream patient(HttpResponse<InputStream> answer) {
    return patient(answer, options.deadline());
  }

  /** Returns whether the request names a version that was lost in a promotion or a restore. */
  static boolean isLineageChanged(HttpResponse<?> answer) {
    return answer.statusCode() == 412
        && answer.headers().firstValue("Selvedge-Error").orElse("").equals("lineage-changed");
  }

  /** Returns whether an answer does not count, because it may lack versions that it must have. */
  private boolean mustAskAgain(ClientRequest request, URI server, HttpResponse<?> answer) {
    if (isLineageChanged(answer)) {
      return forgotLost(request, answer);
    }
    Version asked = request.atLeast();
    if (!isAnswered(answer) || !epochs.isDoubtful(asked)) {
      return false;
    }
    HttpHeaders sent = answer.request().headers();
    if (!version(sent, "Selvedge-At-Least").equals(Optional.of(asked))) {
      return true;
    }
    if (version(answer, "Selvedge-Epoch").equals(version(sent, "Selvedge-Epoch"))) {
      return false; // An edge that has the version, and has not heard of the newer epoch yet.
    }
    epochs.confirm(asked);
    return !servers.needed(server, Version.NONE).equals(Version.NONE);
  }

  /**
   * Ends the session at the last version that the servers have, and returns whether to send the
   * request again. A read was refused only because of the session if the caller did not name a lost
   * version.
   */
  private boolean forgotLost(ClientRequest request, HttpResponse<?> answer) {
    Version agreed = version(answer, "Selvedge-Agreed").orElse(Version.NONE);
    boolean named = request.changes() || request.atLeast().compareTo(agreed) > 0;
    servers.lost(agreed);
    noteUnknown(answer, answer.request().headers().firstValue("Selvedge-Epoch"));
    return !named;
  }

  /** Records that the servers do not know an epoch, if a refusal says so. */
  void noteUnknown(HttpResponse<?> refusal, Optional<String> named) {
    if (version(refusal, "Selvedge-Agreed").filter(Version.NONE::equals).isPresent()) {
      named.ifPresent(epoch -> epochs.refused(Long.parseLong(epoch)));
    }
  }

  /** Returns the epoch of a version that this client has seen, for the header that names it. */
  Optional<String> epoch(Version version) {
    OptionalLong epoch = epochs.of(version);
    return epoch.isPresent() ? Optional.of(Long.toString(epoch.getAsLong())) : Optional.empty();
  }

  private HttpResponse<InputStream> exchange(
      ClientRequest request, Observer.Attempt attempt, long deadline) throws IOException {
    Observer.Sent sent = options.observer().begin(attempt);
    long start = System.nanoTime();
    int status = 0;
    try {
      HttpResponse<InputStream> answer =
          http.send(
              request(request, attempt, deadline, sent.headers()), BodyHandlers.ofInputStream());
      status = answer.statusCode();
      note(request, attempt.server(), answer);
      if (!RetryPolicy.isUnavailable(status)) {
        circuit.answered();
        servers.answered(attempt.server());
      } else {
        servers.failed(attempt.server());
        if (options.failFast() && circuit.failed()) {
          probe.start();
        }
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      String message = "interrupted before " + attempt.server() + " answered";
      throw request.isRepeatable()
          ? new UnreachableException(message, e)
          : new UncertainException(message + "; the change may have been made", e);
    } finally {
      sent.ended(status, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private HttpRequest request(
      ClientRequest request,
      Observer.Attempt attempt,
      long deadline,
      Map<String, String> observed) {
    URI server = attempt.server();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(at(server, request.target()))
            .timeout(timeout(request, attempt.number(), deadline))
            .method(request.method(), request.body());
    String token = options.token();
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    Version least = request.changes() ? Version.NONE : least(server, request.atLeast());
    if (!least.equals(Version.NONE)) {
      builder.header("Selvedge-At-Least", least.toString());
      epoch(least).ifPresent(epoch -> builder.header("Selvedge-Epoch", epoch));
    }
    observed.forEach(builder::header);
    for (int i = 0; i < request.headers().size(); i += 2) {
      builder.header(request.headers().get(i), request.headers().get(i + 1));
    }
    return builder.build();
  }

  /** Names a doubtful version itself, because a session of a newer epoch does not include it. */
  private Version least(URI server, Version asked) {
    return epochs.isDoubtful(asked) ? asked : servers.needed(server, asked);
  }

  /** Leaves half of the time for the next server if a read may be repeated there. */
  private Duration timeout(ClientRequest request, int number, long deadline) {
    boolean hasNext = request.isRepeatable() && number < servers.size();
    return hasNext ? left(deadline).dividedBy(2) : left(deadline);
  }

  /** Records the version of an answer, so that later answers are never older. */
  private void note(ClientRequest request, URI server, HttpResponse<InputStream> answer) {
    if (isAnswered(answer)) {
      if (request.changes()) {
        version(answer, "Selvedge-Version").ifPresent(version -> made(answer, version));
      } else {
        version(answer, "Selvedge-As-Of").ifPresent(asOf -> shown(answer, server, asOf));
      }
    }
  }

  /** Returns whether an answer shows a version of the server, also if the key is missing there. */
  private static boolean isAnswered(HttpResponse<?> answer) {
    return answer.statusCode() < 400 || answer.statusCode() == 404;
  }

  private void made(HttpResponse<?> answer, Version version) {
    seen(answer, version);
    servers.made(version);
  }

  private void shown(HttpResponse<?> answer, URI server, Version asOf) {
    seen(answer, asOf);
    servers.shown(server, asOf);
  }

  /** Records the epoch of a version; servers of earlier releases do not send it. */
  private void seen(HttpResponse<?> answer, Version version) {
    version(answer, "Selvedge-Epoch").ifPresent(epoch -> epochs.seen(version, epoch.number()));
  }

  static Optional<Version> version(HttpResponse<?> answer, String header) {
    return version(answer.headers(), header);
  }

  private static Optional<Version> version(HttpHeaders headers, String header) {
    return headers
        .firstValue(header)
        .filter(text -> text.chars().allMatch(Character::isDigit))
        .map(text -> new Version(Long.parseLong(text)));
  }

  private static boolean isBefore(long deadline, Duration pause) {
    return System.nanoTime() + pause.toNanos() - deadline < 0;
  }

  private SelvedgeException failure(ClientRequest request, URI server, IOException failure) {
    if (closed) {
      return new ClosedException("this client was closed before " + server + " answered");
    }
    if (isUnknownForm(failure) && request.isRepeatable()) {
      return unknownForm(server, failure);
    }
    String message = server + " did not answer: " + failure;
    if (ConnectionFailures.isTls(failure)) {
      return new UnreachableException(SelvedgeException.Remedy.OPERATOR, message, failure);
    }
    return request.isRepeatable() || ConnectionFailures.isUnsent(failure)
        ? new UnreachableException(message, failure)
        : new UncertainException(message + "; the change may have been made", failure);
  }

  private static boolean isUnknownForm(IOException failure) {
    return failure instanceof UnknownFrameException || failure instanceof UnknownFormException;
  }

  /** Returns the failure of an answer of a newer server. */
  static IncompatibleException unknownForm(URI server, IOException failure) {
    return new IncompatibleException(
        server
            + " answered in a form that this client does not know ("
            + failure.getMessage()
            + "): the server is of a newer release than this client");
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(WAIT_MAX) < 0 ? twice : WAIT_MAX;
  }

  private static void pause(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while waiting to try again");
    }
  }

  @Override
  public void close() {
    closed = true;
    probe.close();
    http.shutdownNow();
    watchdog.close();
  }
}
