import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Brings the classes of a jar from before Java 6 to a form that the JVM can keep in its AOT cache.
 *
 * <p>Nothing but their version changes, and the stack maps that this one asks for are added.
 */
final class RenewClasses {
  private static final int OLDEST_KEPT = ClassFile.JAVA_6_VERSION;
  private static final int VERSION = ClassFile.JAVA_8_VERSION;

  private RenewClasses() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      try (FileSystem files = FileSystems.newFileSystem(Path.of(jar));
          Stream<Path> all = Files.walk(files.getPath("/"))) {
        for (Path file : all.filter(each -> each.toString().endsWith(".class")).toList()) {
          renew(file);
        }
      }
    }
  }

  private static void renew(Path file) throws IOException {
    ClassFile classes = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS);
    var old = classes.parse(Files.readAllBytes(file));
    if (old.majorVersion() < OLDEST_KEPT) {
      Files.write(
          file,
          classes.transformClass(
              old,
              ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                  .andThen(ClassTransform.endHandler(made -> made.withVersion(VERSION, 0)))));
    }
  }
}
