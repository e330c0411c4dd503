package selvedge.cli.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.InvalidRequestException;

/** Follows the imports of a Worker that needs no bundler: plain files that name each other. */
final class PlainModules {
  private static final Pattern IMPORT =
      Pattern.compile(
          "(?:^|[;\\s}])(?:import|export)\\s*(?:[\\w*${}\\s,]+?\\s*from\\s*)?[\"']([^\"']+)[\"']"
              + "|\\bimport\\s*\\(\\s*[\"']([^\"']+)[\"']\\s*\\)");
  private static final List<String> BUILT_IN = List.of("node:", "cloudflare:", "workerd:");

  private final Path root;
  private final Map<Path, ModuleFile> found = new LinkedHashMap<>();

  private PlainModules(Path root) {
    this.root = root;
  }

  static Bundle of(Path main) {
    String source = Bundle.read(main);
    var modules = new PlainModules(main.resolveSibling(""));
    modules.add(main, main.getFileName().toString());
    return new Bundle(Bundle.isModule(source), new ArrayList<>(modules.found.values()));
  }

  private void add(Path file, String importedBy) {
    if (found.containsKey(file)) {
      return;
    }
    String name = root.relativize(file).toString();
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException(importedBy + " imports " + file + ", which does not exist");
    }
    if (name.startsWith("..")) {
      throw unbundled(name + " lies outside the folder of the main file");
    }
    if (name.endsWith(".ts") || name.endsWith(".tsx") || name.endsWith(".jsx")) {
      throw unbundled(name + " is not JavaScript yet");
    }
    ModuleFile.Kind kind = ModuleFile.Kind.of(name);
    found.put(file, new ModuleFile(name, file, kind));
    if (kind == ModuleFile.Kind.ES_MODULE) {
      Matcher imports = IMPORT.matcher(Bundle.read(file));
      while (imports.find()) {
        String target = imports.group(1) == null ? imports.group(2) : imports.group(1);
        follow(file, name, target);
      }
    }
  }

  private void follow(Path file, String name, String target) {
    if (BUILT_IN.stream().anyMatch(target::startsWith)) {
      return;
    }
    if (!target.startsWith("./") && !target.startsWith("../")) {
      throw unbundled(name + " imports the package " + target);
    }
    add(file.resolveSibling(target).normalize(), name);
  }

  private static InvalidRequestException unbundled(String why) {
    return new InvalidRequestException(
        why + ": that takes a bundler. Install wrangler beside the Worker (npm i -D wrangler)");
  }
}
