package selvedge.cli.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.InvalidRequestException;

/** Collects the files of a Worker by following its imports, without a bundler. */
final class PlainModules {
  private static final List<String> BUILT_IN = List.of("node:", "cloudflare:", "workerd:");

  private final Path root;
  private final boolean bundled;
  private final Map<Path, ModuleFile> found = new LinkedHashMap<>();

  private PlainModules(Path root, boolean bundled) {
    this.root = root;
    this.bundled = bundled;
  }

  /**
   * @param bundled whether the Worker requires a bundler. If so, imports that only a bundler can
   *     resolve are refused. If not, missing modules are left to workerd, because many bundles
   *     import optional modules that do not exist.
   */
  static Bundle of(Path main, boolean bundled) {
    String name = main.getFileName().toString();
    if (!Files.isRegularFile(main)) {
      throw new InvalidRequestException("the main file " + main + " does not exist");
    }
    if (isSource(name)) {
      throw new InvalidRequestException(
          name
              + " is not JavaScript: "
              + (bundled
                  ? "install wrangler in the project (npm i -D wrangler)"
                  : "set main to the built file, or remove no_bundle"));
    }
    var modules = new PlainModules(main.resolveSibling(""), bundled);
    boolean isModule = modules.add(main, name);
    return new Bundle(isModule, new ArrayList<>(modules.found.values()));
  }

  /** Returns whether it is a module with imports or exports. */
  private boolean add(Path file, String name) {
    ModuleFile.Kind kind = ModuleFile.Kind.of(name);
    found.put(file, new ModuleFile(name, file, kind));
    if (kind != ModuleFile.Kind.ES_MODULE) {
      return false;
    }
    ImportScanner imports = ImportScanner.scan(Bundle.read(file));
    imports.targets().forEach(target -> follow(file, name, target));
    return imports.isModule();
  }

  private void follow(Path importer, String importerName, String target) {
    if (BUILT_IN.stream().anyMatch(target::startsWith)) {
      return;
    }
    if (!target.startsWith("./") && !target.startsWith("../")) {
      refuse(importerName + " imports the package " + target);
      return;
    }
    Path file = importer.resolveSibling(target).normalize();
    String name = root.relativize(file).toString();
    if (found.containsKey(file)) {
      return;
    }
    if (!Files.isRegularFile(file)) {
      refuse(importerName + " imports " + file + ", which does not exist");
    } else if (name.startsWith("..")) {
      refuse(name + " is outside the folder of the main file");
    } else if (isSource(name)) {
      refuse(name + " is not JavaScript");
    } else {
      add(file, name);
    }
  }

  private static boolean isSource(String name) {
    return name.endsWith(".ts") || name.endsWith(".tsx") || name.endsWith(".jsx");
  }

  private void refuse(String reason) {
    if (bundled) {
      throw new InvalidRequestException(
          reason
              + ", which requires a bundler: install wrangler in the project (npm i -D wrangler)");
    }
  }
}
