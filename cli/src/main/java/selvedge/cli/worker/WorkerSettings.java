package selvedge.cli.worker;

import java.nio.file.Path;
import java.util.List;

/**
 * The settings of a Worker in one environment of its wrangler configuration.
 *
 * @param environment empty for the top level
 * @param bundled whether wrangler bundles its files
 * @param unsupported settings that the Worker needs and workerd alone does not have
 * @param ignored settings that only Cloudflare uses
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
    List<String> ignored) {

  WorkerSettings {
    compatibilityFlags = List.copyOf(compatibilityFlags);
    bindings = List.copyOf(bindings);
    unsupported = List.copyOf(unsupported);
    ignored = List.copyOf(ignored);
  }

  /** Returns the settings with the preview namespaces. */
  WorkerSettings inDevelopment() {
    List<Binding> preview =
        bindings.stream()
            .map(binding -> binding instanceof Binding.Kv kv ? kv.inDevelopment() : binding)
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
        ignored);
  }

  /** Returns the bindings that are KV namespaces. */
  List<Binding.Kv> namespaces() {
    return bindings.stream()
        .filter(Binding.Kv.class::isInstance)
        .map(Binding.Kv.class::cast)
        .toList();
  }
}
