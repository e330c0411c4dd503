package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.ForwardingNamespace;
import selvedge.model.InvalidKeyException;
import selvedge.model.Key;
import selvedge.model.LimitExceededException;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.testing.MemoryNamespaces;

/** Its methods also pass the contract of namespaces, in the module verification. */
@Timeout(20)
final class AsyncNamespaceTest {
  private final Namespace namespace = MemoryNamespaces.selvedge().namespace("n");

  @Test
  void aCallRunsOnAVirtualThreadAndDoesNotBlock() throws Exception {
    var proceed = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    AsyncNamespace async =
        AsyncNamespace.of(
            new ForwardingNamespace() {
              @Override
              public Namespace delegate() {
                return namespace;
              }

              @Override
              public Lookup get(Key key, ReadOptions options) {
                threads.add(Thread.currentThread());
                await(proceed);
                return namespace.get(key, options);
              }
            });
    namespace.put("k", "v");

    CompletableFuture<Optional<String>> text = async.getText("k");
    assertThat(text).isNotDone();
    proceed.countDown();

    assertThat(text.get()).contains("v");
    assertThat(threads).hasSize(1).allMatch(Thread::isVirtual);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callsRunOnTheExecutorOfTheCaller() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    AsyncNamespace async = AsyncNamespace.of(namespace, tasks::add);

    CompletableFuture<Outcome> put = async.put("k", "v");
    assertThat(namespace.getText("k")).isEmpty();
    tasks.remove().run();

    assertThat(put).isCompletedWithValueMatching(Outcome::isAccepted);
    assertThat(namespace.getText("k")).contains("v");
  }

  @Test
  void aFutureFailsWithTheExceptionOfTheCall() {
    AsyncNamespace async = AsyncNamespace.of(namespace);

    assertThatThrownBy(() -> async.put("", "v").get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InvalidKeyException.class);
    assertThatThrownBy(() -> async.count("x".repeat(600)).get())
        .hasCauseInstanceOf(LimitExceededException.class);
  }

  @Test
  void stepsFollowEachOtherWithoutABlockedThread() throws Exception {
    AsyncNamespace async = AsyncNamespace.of(namespace);

    Future<Long> visits =
        async
            .put("k", "1")
            .thenCompose(put -> async.increment("k"))
            .thenCombine(async.increment("other"), Long::sum);

    assertThat(visits.get()).isEqualTo(3);
  }

  @Test
  void aSubscriptionReceivesChangesUntilItIsClosed() throws Exception {
    AsyncNamespace async = AsyncNamespace.of(namespace);
    var received = new CompletableFuture<Version>();
    try (var subscription =
        async
            .subscribe(
                "k",
                Version.NONE,
                change -> received.complete(change.version()),
                received::completeExceptionally)
            .get()) {
      namespace.put("other", "v");
      Version put = namespace.put("k", "v").orElseThrow();
      assertThat(received.get()).isEqualTo(put);
      assertThat(subscription).isNotNull();
    }
  }

  /** Options and defaults of the short forms are those of the namespace. */
  @Test
  void everyMethodOfANamespaceHasAForm() {
    List<String> forms = signatures(AsyncNamespace.class);
    List<String> missing =
        signatures(Namespace.class).stream().filter(each -> !forms.contains(each)).toList();

    assertThat(missing)
        .containsExactlyInAnyOrder("get(Key)", "count(Bytes)", "watch(Bytes, Version)");
  }

  private static List<String> signatures(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .map(AsyncNamespaceTest::signature)
        .toList();
  }

  private static String signature(Method method) {
    List<String> types =
        Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
    return method.getName() + "(" + String.join(", ", types) + ")";
  }
}
