package selvedge.cli.worker;

import java.nio.file.Path;
import java.util.List;

/**
 * What a wrangler configuration says of a Worker in one environment.
 *
 * @param environment empty for the top level
 * @param bundled whether its files are bundled before they are deployed
 * @param unsupported settings that change what the Worker does, and that workerd alone cannot do
 * @param pointless settings that mean something at the service only
 */
record WorkerSettings(
    Path file,
    String environment,
    String name,
    Path main,
    String compatibilityDate,
    List<String> compatibilityFlags,
    boolean bundled,
    List<Binding> bindings,
    List<String> unsupported,
    List<String> pointless) {

  WorkerSettings {
    compatibilityFlags = List.copyOf(compatibilityFlags);
    bindings = List.copyOf(bindings);
    unsupported = List.copyOf(unsupported);
    pointless = List.copyOf(pointless);
  }

  /** With the namespaces that take the place of the others while somebody works on the Worker. */
  WorkerSettings inDevelopment() {
    List<Binding> preview =
        bindings.stream()
            .map(each -> each instanceof Binding.Kv kv ? kv.inDevelopment() : each)
            .toList();
    return new WorkerSettings(
        file,
        environment,
        name,
        main,
        compatibilityDate,
        compatibilityFlags,
        bundled,
        preview,
        unsupported,
        pointless);
  }

  /** Those that are namespaces of ours. */
  List<Binding.Kv> namespaces() {
    return bindings.stream()
        .filter(Binding.Kv.class::isInstance)
        .map(Binding.Kv.class::cast)
        .toList();
  }
}
